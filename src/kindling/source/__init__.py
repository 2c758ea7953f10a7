"""Files that data sets are read from: tables, arrays, images and official archives."""
