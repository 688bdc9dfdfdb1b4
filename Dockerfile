FROM python:3.12-slim

WORKDIR /app
RUN useradd --create-home --uid 10001 demarche \
    && mkdir /data && chown demarche /data

COPY requirements-models.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-models.txt

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY knowledge knowledge
COPY prompts prompts
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .

USER demarche
ENV DEMARCHE_DATA=/data PYTHONUNBUFFERED=1
VOLUME /data
HEALTHCHECK --interval=5m --timeout=30s CMD ["demarche", "doctor"]
ENTRYPOINT ["demarche"]
CMD ["run"]
