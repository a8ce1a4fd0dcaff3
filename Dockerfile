# Two stages: the first checks every package against its hash and installs, the second runs.

FROM python:3.13-slim AS build
# 1: nothing is downloaded, all packages come from the folder wheels/ (docs/docker.md).
ARG PIP_NO_INDEX=
WORKDIR /build

# The only step that may use the network. What follows installs from /checked alone.
COPY requirements-image.txt wheel[s] /wheels/
RUN python3 -m pip download --quiet --no-cache-dir --only-binary :all: --find-links /wheels \
      --require-hashes --requirement /wheels/requirements-image.txt --dest /checked
RUN python3 -m venv /tools \
 && /tools/bin/pip install --quiet --no-cache-dir --no-index --find-links /checked hatchling editables \
 && python3 -m venv --without-pip /opt/broadsheet

COPY pyproject.toml README.md LICENSE ./
COPY pipeline pipeline
COPY jobs jobs
COPY sql sql
# With [export] for Parquet, without [embedded]: the database is another container.
RUN /tools/bin/pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir /checked . \
 && /tools/bin/pip --python /opt/broadsheet/bin/python install --quiet --no-cache-dir \
      --no-index --find-links /checked 'broadsheet[export]'
# What only compilers and test runs need, and Arrow's network services. The last line fails the build when something that is needed went.
WORKDIR /opt/broadsheet/lib/python3.13/site-packages
RUN rm -rf pyarrow/include pyarrow/src pyarrow/libarrow_flight.* pyarrow/libarrow_python_flight.* \
      pyarrow/_flight.*.so pyarrow/libarrow_s3.* pyarrow/_s3fs.*.so \
      lxml/includes numpy/f2py numpy/_core/include numpy/_core/lib \
 && find numpy pyarrow \( -name tests -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.a' \) -prune -exec rm -rf {} + \
 && /opt/broadsheet/bin/python -c 'import io, pyarrow as a, pyarrow.parquet as p, py3langid, lxml.html; p.write_table(a.table({"t": ["x"]}), io.BytesIO(), compression="zstd"); py3langid.classify("A short text in English.")'

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
