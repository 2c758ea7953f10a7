# docker build --tag kindling .
# docker run --rm --gpus all --ipc host --volume "$PWD/outputs:/kindling/outputs" kindling python train.py
# torch's build for Linux serves GPUs and CPUs; without a GPU leave --gpus all out. A third of the size, for
# CPUs alone: --build-arg PIP_EXTRA_INDEX_URL=… with the address of PyTorch's CPU builds.
FROM python:3.12-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git \
  && rm -rf /var/lib/apt/lists/*
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1
WORKDIR /kindling
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY scripts/run scripts/run
COPY src src
RUN scripts/run python -c "import kindling"
COPY . .
ENTRYPOINT ["scripts/run"]
CMD ["python", "train.py", "model=cnn", "optimizer=sgd"]
