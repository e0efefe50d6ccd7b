# One image for web, worker, beat and migrate; compose says which. Nothing runs as root.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN useradd --system --create-home --uid 10001 ciforum \
    && mkdir -p /var/lib/ciforum/files /app/staticfiles \
    && chown -R ciforum:ciforum /var/lib/ciforum

# The versions of constraints.txt; the embedded PostgreSQL stays out, the database is a service.
COPY pyproject.toml constraints.txt ./
COPY ciforum/local/environment.py ciforum/local/
RUN PYTHONPATH=ciforum/local python -c "from environment import POSTGRES, requirements; \
      print(*(line for line in requirements('core') if not line.startswith(POSTGRES)), sep='\n')" \
      > /tmp/wanted.txt \
    && pip install --constraint constraints.txt --requirement /tmp/wanted.txt

COPY . .
# DEMO and DEBUG are off here on purpose: the static files get the names that production asks for.
RUN python -m ciforum.catalogues compile \
    && SECRET_KEY=only-to-build DATABASE_URL=postgres://nobody@localhost/none \
       EMAIL_URL=consolemail:// python manage.py collectstatic --no-input

ENV CIFORUM_LOCAL=/var/lib/ciforum MEDIA_ROOT=/var/lib/ciforum/files
USER ciforum
EXPOSE 8000
ENTRYPOINT ["deploy/entry"]
CMD ["web"]
