# Two stages: the first checks every package against its hash and installs, the second runs.

FROM python:3.13-slim AS build
# 1: nothing is downloaded, all packages come from the folder wheels/ (docs/docker.md).
ARG PIP_NO_INDEX=
WORKDIR /build

# The only step that may use the network. What follows installs from /checked alone.
COPY requirements.txt wheel[s] /wheels/
RUN python3 -m pip download --quiet --no-cache-dir --only-binary :all: --find-links /wheels \
      --require-hashes --requirement /wheels/requirements.txt --dest /checked
RUN python3 -m venv /tools \
 && /tools/bin/pip install --quiet --no-cache-dir --no-index --find-links /checked hatchling editables \
 && python3 -m venv --without-pip /opt/broadsheet

COPY pyproject.toml README.md LICENSE ./
COPY pipeline pipeline
COPY jobs jobs
COPY sql sql
# Without the extra [embedded]: the database is another container.
RUN /tools/bin/pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir /checked . \
 && /tools/bin/pip --python /opt/broadsheet/bin/python install --quiet --no-cache-dir \
      --no-index --find-links /checked broadsheet

FROM python:3.13-slim
LABEL org.opencontainers.image.title="broadsheet" \
      org.opencontainers.image.description="News feeds in, a Postgres database of clean articles out." \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin broadsheet
COPY --from=build /opt/broadsheet /opt/broadsheet
ENV PATH=/opt/broadsheet/bin:$PATH
# A broadsheet.toml mounted here is read.
WORKDIR /etc/broadsheet
USER 10001
ENTRYPOINT ["broadsheet"]
CMD ["run"]
