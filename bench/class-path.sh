# Sourced by bench/run and bench/jmh in the repository's root: finds JDK 25, builds what has changed,
# and sets JAVA and CLASS_PATH.

find_java() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/*; do
    if [[ -x "$home/bin/javac" ]] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
      echo "$home/bin/java"
      return
    fi
  done
  echo "JDK 25 not found: set JAVA_HOME to one" >&2
  return 1
}

build_if_changed() {
  local stamp=bench/target/built
  if [[ -e $stamp ]] && [[ -z $(find pom.xml ./*/pom.xml ./*/src/main -newer "$stamp" -print -quit) ]]; then
    return
  fi
  echo "building" >&2
  mkdir -p bench/target
  touch "$stamp.begun"
  mvn -q -B -Dquick -DskipTests -Pbench-classpath -pl bench -am package >&2
  mv "$stamp.begun" "$stamp"
}

JAVA=$(find_java)
build_if_changed
CLASS_PATH="bench/target/classes:bench/target/lib/*"
