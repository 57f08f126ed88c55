# Installs what CI needs beside Node, each at its version, into a folder of its own outside the repository. To be sourced.
TOOLS="${MASK_GATE_TOOLS:-$HOME/.cache/mask-gate-tools}"

ACT_VERSION=v0.2.89
ACTIONLINT_VERSION=v1.7.12
ZIZMOR_VERSION=1.32.0

# A folder for each version, so that a raised one is installed anew.
ACT="$TOOLS/act-$ACT_VERSION/act"
ACTIONLINT="$TOOLS/actionlint-$ACTIONLINT_VERSION/actionlint"
ZIZMOR="$TOOLS/zizmor-$ZIZMOR_VERSION/bin/zizmor"

has_go() {
  command -v go >/dev/null
}

# Some systems have a Python without the means to make an environment.
has_python() {
  python3 -c 'import ensurepip, venv' 2>/dev/null
}

install_act() {
  install_with_go "$ACT" "github.com/nektos/act@$ACT_VERSION"
}

install_actionlint() {
  install_with_go "$ACTIONLINT" "github.com/rhysd/actionlint/cmd/actionlint@$ACTIONLINT_VERSION"
}

# install_with_go PROGRAM PACKAGE@VERSION
install_with_go() {
  test -x "$1" || GOBIN="$(dirname "$1")" go install "$2"
}

install_zizmor() {
  test -x "$ZIZMOR" && return
  local folder="$TOOLS/zizmor-$ZIZMOR_VERSION"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "zizmor==$ZIZMOR_VERSION"
}

install_chromium() {
  command -v chromium chromium-browser google-chrome >/dev/null && return
  local sudo=
  test "$(id -u)" = 0 || sudo=sudo
  $sudo apt-get update -qq && $sudo apt-get install -y -qq chromium
}
