"""Networks: plain modules, built from the shape of one sample and the number of outputs."""
