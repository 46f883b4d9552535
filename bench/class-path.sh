# Sourced by bench/run and bench/jmh in the repository's root: finds JDK 25, builds what has changed,
# and sets JAVA and CLASS_PATH.

build_if_changed() {
  local stamp=bench/target/built
  if [[ -e $stamp ]] && [[ -z $(find pom.xml ./*/pom.xml */src/main -newer "$stamp" -print -quit) ]]; then
    return
  fi
  echo "building" >&2
  mkdir -p bench/target
  touch "$stamp.begun"
  mvn -q -B -Dquick -Dmaven.test.skip=true -Pbench-classpath -pl bench -am package >&2
  mv "$stamp.begun" "$stamp"
}

JAVA=$(scripts/find-java)/bin/java
build_if_changed
CLASS_PATH="bench/target/classes:bench/target/lib/*"
