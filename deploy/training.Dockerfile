# The training job: Python with PyTorch from Debian, our package, no service and no port. On a CUDA machine give a base with PyTorch built for
# it: --build-arg BASE=docker.io/pytorch/pytorch:2.8.0-cuda12.8-cudnn9-runtime --build-arg TORCH=
ARG BASE=docker.io/library/debian:12-slim
FROM ${BASE} AS service
ARG TORCH="python3-torch python3-onnx python3-numpy"
ARG NAME=model-training
ARG TITLE="Trains image encoders and exports them to ONNX"
ARG VERSION
ARG REVISION
ARG CREATED
RUN if [ -n "${TORCH}" ]; then apt-get update && apt-get install --yes --no-install-recommends ${TORCH} && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/*; fi
COPY services/ModelTraining/bonemet_training/ /app/bonemet_training/
COPY services/ModelTraining/configs/ /app/configs/
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
LABEL org.opencontainers.image.title="bonemet/${NAME}" \
      org.opencontainers.image.description="${TITLE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.vendor="BoneMetPlatform"
WORKDIR /data
USER 10001:10001
ENTRYPOINT ["python3", "-m", "bonemet_training"]
