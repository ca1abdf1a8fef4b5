#!/usr/bin/env bash
# Sets up the portal on one machine with Debian 12, and brings it up to date after `git pull`. Safe to run again: what
# is there is kept, .env above all. Every step by hand: docs/operations.md.
set -euo pipefail

usage() {
    cat <<'USAGE'
As root, in /srv/jiamenkou:

  deploy/setup.sh --site https://jiamenkou.example --certificate FILE --key FILE

  --site ADDRESS       what people type; needed the first time, then .env has it
  --certificate FILE   the certificate with its chain, and
  --key FILE           its key; both are linked, so that a renewed one is used after `systemctl reload nginx`
  --self-signed        makes a certificate instead, for a try: browsers warn of it
  --county             with PostgreSQL and Redis, and Celery in place of `manage.py dispatch`; else SQLite
  --packages           only installs the packages of Debian
USAGE
}

ROOT=/srv/jiamenkou
PORTAL_USER=jiamenkou
TLS=/etc/jiamenkou/tls
site="" certificate="" key="" self_signed="" county="" only_packages=""

say() { printf '== %s\n' "$*"; }
stop() {
    printf 'deploy/setup.sh: %s\n' "$*" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --site) site=${2:?} && shift ;;
        --certificate) certificate=${2:?} && shift ;;
        --key) key=${2:?} && shift ;;
        --self-signed) self_signed=1 ;;
        --county) county=1 ;;
        --packages) only_packages=1 ;;
        --help) usage && exit ;;
        *) usage >&2 && stop "$1 is not known." ;;
    esac
    shift
done

# From the script's own folder, whatever the current one is.
cd "$(dirname "$(readlink -f "$0")")/.."
[ "$(id -u)" = 0 ] || stop "run it as root."
[ "$PWD" = $ROOT ] || stop "the code is in $PWD. The units expect it in $ROOT: git clone … $ROOT"
. /etc/os-release
[ "${ID:-} ${VERSION_ID:-}" = "debian 12" ] || echo "Tried on Debian 12 only; this is ${PRETTY_NAME:-another system}." >&2

# A variable of .env as systemd reads it.
value() { sed -n "s/^$1=//p" .env | tail -n 1; }
has_systemd() { [ -d /run/systemd/system ]; }
random() { python3 -c 'import secrets; print(secrets.token_hex(32))'; }

install_packages() {
    local wanted=(python3-venv nginx-light openssl) missing=() package
    if [ -n "$county" ]; then wanted+=(postgresql redis-server); fi
    for package in "${wanted[@]}"; do
        dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        say "Packages: ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update --quiet=2
        apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}" >/dev/null
    fi
}

make_user() {
    id "$PORTAL_USER" >/dev/null 2>&1 ||
        useradd --system --home-dir $ROOT --no-create-home --shell /usr/sbin/nologin "$PORTAL_USER"
    # The code is root's: the portal writes to var only. Static files are written by a command, not by a service.
    install --directory --mode=750 --owner="$PORTAL_USER" --group="$PORTAL_USER" var var/media var/backups
    install --directory --mode=755 --owner="$PORTAL_USER" --group="$PORTAL_USER" staticfiles
}

put() { # NAME VALUE FILE: in place of the line of .env.example, also where that is a comment
    python3 - "$@" <<'PYTHON'
import re
import sys
from pathlib import Path

name, value, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
path.write_text(re.sub(rf"^#? ?{name}=.*$", lambda _: f"{name}={value}", path.read_text(), count=1, flags=re.M))
PYTHON
}

make_env() {
    if [ -f .env ]; then
        if [ -n "$site" ] && [ "$site" != "$(value SITE_URL)" ]; then
            stop ".env says SITE_URL=$(value SITE_URL). To change it, edit .env: SITE_URL and ALLOWED_HOSTS."
        fi
    else
        [ -n "$site" ] || stop "add --site https://…, the address that people type."
        say "New .env; keep a copy of it beside the backups"
        local new=.env.new password
        install --mode=640 --group="$PORTAL_USER" .env.example $new
        put SECRET_KEY "$(random)" $new
        put SITE_URL "${site%/}" $new
        put ALLOWED_HOSTS "$(host_of "$site"),localhost" $new
        put TRUSTED_PROXY_COUNT 1 $new
        put WEB_WORKERS 1 $new
        if [ -n "$county" ]; then
            password=$(random)
            put POSTGRES_PASSWORD "$password" $new
            put DATABASE_URL "postgresql://portal:$password@127.0.0.1:5432/portal" $new
            put REDIS_URL redis://127.0.0.1:6379/0 $new
        fi
        mv $new .env
    fi
    chown root:"$PORTAL_USER" .env
    chmod 640 .env
    [ -n "$(value SECRET_KEY)" ] || stop "fill in SECRET_KEY in .env, for example with $(random)"
    site=$(value SITE_URL)
    if [ -n "$county" ] && [[ $(value DATABASE_URL) != postgres* ]]; then
        stop ".env has no DATABASE_URL of PostgreSQL. Moving from SQLite is another matter: docs/operations.md."
    fi
}

host_of() { local rest=${1#*://} && rest=${rest%%/*} && echo "${rest%%:*}"; }

make_database() {
    [ -n "$county" ] || return 0
    has_systemd && systemctl start postgresql redis-server || service postgresql start >/dev/null
    if [[ $(value DATABASE_URL) != *@127.0.0.1:5432/portal ]]; then return 0; fi # somebody else's server
    if ! (cd / && runuser -u postgres -- psql -Atc "SELECT datname FROM pg_database") | grep -qx portal; then
        say "PostgreSQL: role and database portal"
        # On standard input: the folder is not postgres's to read.
        (cd / && runuser -u postgres -- env POSTGRES_USER=postgres PORTAL_PASSWORD="$(cd $ROOT && value POSTGRES_PASSWORD)" \
            sh -s <$ROOT/deploy/postgres/portal-role.sh >/dev/null)
    fi
}

install_python() {
    [ -x .venv/bin/python ] || python3 -m venv .venv
    if [ ! -f .venv/base.stamp ] || [ requirements/base.txt -nt .venv/base.stamp ]; then
        say "Python packages, by their hashes"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
        touch .venv/base.stamp
    fi
    # The services may not write beside the code, so that they would compile it at each start.
    .venv/bin/python -m compileall -q portal centers appointments assessments
    ln -sf $ROOT/deploy/command.py /usr/local/bin/jiamenkou
}

prepare_portal() {
    say "Database and static files"
    local said
    said=$(jiamenkou check --deploy --fail-level ERROR 2>&1) || stop "$said"
    if [[ $said == *WARNINGS* ]]; then printf '%s\n' "$said" >&2; fi
    jiamenkou migrate --noinput --verbosity=0
    jiamenkou collectstatic --noinput --verbosity=0
}

make_tls() {
    [[ $site == https://* ]] || return 0
    install --directory --mode=755 /etc/jiamenkou
    install --directory --mode=750 $TLS
    if [ -n "$certificate$key" ]; then
        [ -r "$certificate" ] && [ -r "$key" ] || stop "--certificate and --key name two files that are there."
        # Not what they are links to: certbot points its own to the renewed one.
        ln -sfn "$(realpath --no-symlinks "$certificate")" $TLS/certificate.pem
        ln -sfn "$(realpath --no-symlinks "$key")" $TLS/key.pem
    elif [ -n "$self_signed" ] && [ ! -e $TLS/certificate.pem ]; then
        say "A certificate for a try, signed by nobody"
        openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=$(host_of "$site")" \
            -addext "subjectAltName=DNS:$(host_of "$site")" -keyout $TLS/key.pem -out $TLS/certificate.pem 2>/dev/null
    fi
    [ -e $TLS/certificate.pem ] || stop "no certificate yet: add --certificate FILE --key FILE, or --self-signed for a try."
    [ "$(openssl x509 -in $TLS/certificate.pem -noout -pubkey)" = "$(openssl pkey -in $TLS/key.pem -pubout)" ] ||
        stop "$TLS/key.pem is not the key of $TLS/certificate.pem."
    openssl x509 -in $TLS/certificate.pem -noout -checkhost "$(host_of "$site")" | grep -q "does match" ||
        echo "The certificate is not for $(host_of "$site"): browsers will warn." >&2
    openssl x509 -in $TLS/certificate.pem -noout -checkend 0 >/dev/null || echo "The certificate has expired." >&2
}

install_proxy() {
    install --directory /etc/nginx/jiamenkou /var/cache/nginx
    rm -f /etc/nginx/sites-enabled/default
    install --mode=644 deploy/nginx.conf /etc/nginx/conf.d/jiamenkou.conf
    install --mode=644 deploy/upstream-one-machine.conf /etc/nginx/conf.d/jiamenkou-upstream.conf
    if [[ $site == https://* ]]; then
        install --mode=644 deploy/listen-tls.conf /etc/nginx/jiamenkou/listen.conf
        install --mode=644 deploy/redirect-to-tls.conf /etc/nginx/conf.d/jiamenkou-redirect.conf
    else
        install --mode=644 deploy/listen-plain.conf /etc/nginx/jiamenkou/listen.conf
        rm -f /etc/nginx/conf.d/jiamenkou-redirect.conf
        echo "Without https the offline sheet (断网用的单子) does not work: browsers keep no page of a plain address." >&2
    fi
    nginx -t -q
}

start_services() {
    local senders=(jiamenkou-dispatch.service) others=(jiamenkou-worker.service jiamenkou-beat.service)
    if [ -n "$(value REDIS_URL)" ]; then
        senders=(jiamenkou-worker.service jiamenkou-beat.service) others=(jiamenkou-dispatch.service)
    fi
    install --mode=644 deploy/systemd/* /etc/systemd/system/
    if ! command -v systemctl >/dev/null; then
        echo "No systemd here: nothing was started." >&2
        return
    fi
    systemctl --quiet enable jiamenkou-web.service jiamenkou-backup.timer nginx.service "${senders[@]}"
    if ! has_systemd; then
        echo "systemd is not running here: the services start with the machine." >&2
        return
    fi
    systemctl daemon-reload
    systemctl --quiet disable --now "${others[@]}" 2>/dev/null || true
    systemctl restart jiamenkou-web.service "${senders[@]}"
    systemctl start jiamenkou-backup.timer
    systemctl reload-or-restart nginx.service
    .venv/bin/python -I deploy/verify.py "$site" || stop "see above. When it is mended, run this again."
    local unit
    for unit in jiamenkou-web.service "${senders[@]}"; do
        systemctl is-active --quiet "$unit" || stop "$unit does not run: journalctl -u $unit"
    done
}

install_packages
if [ -n "$only_packages" ]; then exit; fi
make_user
make_env
make_tls
install_python
make_database
prepare_portal
install_proxy
start_services
say "Ready: $site"
echo "Next, the first administrator and the county: jiamenkou init"
