package dev.fairlead.app.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.5Z");
  private static final String IMPORTED = "sk-bf-0123456789abcdef";

  @TempDir Path directory;
  private KeyHasher hasher = KeyHasher.of(new byte[32]);
  private KeyFile keys = file(hasher);

  @BeforeEach
  void open() throws KeyFileException {
    hasher = InstalledSecret.hasher(directory, new SecureRandom());
    keys = file(hasher);
  }

  private KeyFile file(KeyHasher with) {
    return new KeyFile(directory, with, Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
  }

  private static Object uid(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid");
  }

  /** As by {@code docker exec}, where root is who one is. */
  @Test
  void whatRootWritesBelongsToTheGatewayThatReadsIt() throws Exception {
    assumeThat(uid(directory)).as("runs as root").isEqualTo(0);
    Files.setAttribute(directory, "unix:uid", 10_001);
    keys.create("first", null, null);
    assertThat(uid(keys.path())).isEqualTo(10_001);
    assertThat(uid(directory.resolve("keys.lock"))).isEqualTo(10_001);
    assertThat(Files.getPosixFilePermissions(keys.path()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    Files.setAttribute(keys.path(), "unix:uid", 10_002);
    Files.setAttribute(keys.path(), "unix:gid", 10_003);
    Files.setPosixFilePermissions(keys.path(), PosixFilePermissions.fromString("rw-r-----"));
    keys.create("second", null, null);
    assertThat(uid(keys.path())).isEqualTo(10_002);
    assertThat(Files.getAttribute(keys.path(), "unix:gid")).isEqualTo(10_003);
    assertThat(Files.getPosixFilePermissions(keys.path()))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  void aSecretThatRootMakesBelongsToTheRunningGateway() throws Exception {
    assumeThat(uid(directory)).as("runs as root").isEqualTo(0);
    Path other = Files.createDirectory(directory.resolve("other"));
    Path lock = Files.createFile(other.resolve("fairlead.lock"));
    Files.setAttribute(lock, "unix:uid", 10_001);

    InstalledSecret.hasher(other, new SecureRandom());

    assertThat(uid(other.resolve("secret.key"))).isEqualTo(10_001);
  }

  @Test
  void aKeyIsShownOnceAndStoredAsHash() throws Exception {
    KeyFile.Issued issued = keys.create("alice", Instant.parse("2027-01-01T00:00:00Z"), null);
    assertThat(issued.value()).matches("sk-fl-[0-9A-Za-z]{36}");
    assertThat(KeyHasher.checksumOk(issued.value())).isTrue();
    assertThat(issued.toString()).doesNotContain(issued.value());
    String file = Files.readString(keys.path());
    assertThat(file)
        .doesNotContain(issued.value())
        .doesNotContain(issued.value().substring(6, 36))
        .contains(hasher.hash(issued.value()));
    assertThat(keys.list()).containsExactly(issued.key());
    assertThat(issued.key().hint()).isEqualTo("sk-fl-…" + issued.value().substring(38));
    assertThat(keys.virtualKeys())
        .containsExactly(
            new VirtualKey(
                issued.key().id(),
                "alice",
                hasher.hash(issued.value()),
                true,
                Instant.parse("2027-01-01T00:00:00Z"),
                true,
                List.of(),
                new Origin(Origin.Source.KEY_FILE, "keys.json")));
  }

  @Test
  void filesBelongToTheirOwnerAlone() throws Exception {
    keys.create("alice", null, null);
    for (String name : List.of(KeyFile.FILE, InstalledSecret.FILE)) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("keys.json", "keys.lock", "secret.key");
    }
  }

  @Test
  void theSecretIsMadeOnceAndKept() throws Exception {
    assertThat(InstalledSecret.hasher(directory, new SecureRandom()).fingerprint())
        .isEqualTo(hasher.fingerprint());
    Path fresh = directory.resolve("not/there/yet");
    assertThat(InstalledSecret.hasher(fresh, new SecureRandom()).fingerprint())
        .isNotEqualTo(hasher.fingerprint());
    assertThat(fresh.resolve("secret.key")).hasSize(32);
  }

  @Test
  void valuesOfOtherGatewaysAreImported() throws Exception {
    KeyFile.Issued issued = keys.create("old", null, IMPORTED);
    assertThat(issued.value()).isEqualTo(IMPORTED);
    assertThat(issued.key().hint()).isEqualTo("sk-bf-…cdef");
    assertThatThrownBy(() -> keys.create("again", null, IMPORTED))
        .isInstanceOf(KeyFileException.class)
        .hasMessage("this value is the key \"old\" already");
  }

  @Test
  void keysAreDisabledEnabledAndRevoked() throws Exception {
    keys.create("alice", null, null);
    keys.create("bob", null, null);
    keys.setActive("alice", false);
    assertThat(keys.list()).extracting(StoredKey::active).containsExactly(false, true);
    keys.setActive("alice", true);
    assertThat(keys.list()).extracting(StoredKey::active).containsExactly(true, true);
    keys.revoke("alice");
    assertThat(keys.list()).extracting(StoredKey::name).containsExactly("bob");
    assertThatThrownBy(() -> keys.revoke("alice"))
        .hasMessage("there is no key \"alice\"; there are bob");
    keys.revoke("bob");
    assertThatThrownBy(() -> keys.setActive("bob", false))
        .hasMessage("there is no key \"bob\"; keys.json holds none");
  }

  @Test
  void aNameIsGivenOnce() throws Exception {
    keys.create("alice", null, null);
    byte[] before = Files.readAllBytes(keys.path());
    assertThatThrownBy(() -> keys.create("alice", null, null))
        .hasMessage("there is a key \"alice\" already; choose another name, or revoke it first");
    assertThat(Files.readAllBytes(keys.path())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a/b", "a\nb", "-a"})
  void namesAreBounded(String name) {
    assertThatThrownBy(() -> keys.create(name, null, null))
        .hasMessage(
            "a key's name starts with a letter or digit and has at most 64 letters, digits, spaces"
                + " and . _ @ + -");
    assertThat(keys.exists()).isFalse();
  }

  @Test
  void whatCannotWorkIsRefused() {
    assertThatThrownBy(() -> keys.create("a", NOW.minusSeconds(1), null))
        .hasMessage(
            "the key would expire at 2026-11-21T09:59:59.500Z, which is past; give a later moment");
    assertThatThrownBy(() -> keys.create("a", null, "short"))
        .hasMessage(
            "an imported key has 16 to 512 printable ASCII characters without spaces; leave it out"
                + " to have one made");
    assertThatThrownBy(() -> keys.create("a", null, "sk-fl-0123456789abcdef"))
        .hasMessage(
            "the imported key starts with sk-fl- but its checksum does not fit; copy the whole key"
                + " again");
    assertThat(keys.exists()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|keys.json:1:2: is not valid JSON: Unexpected end-of-input: expected close marker for"
            + " Object",
        "{'version': 2, 'secret': 'x', 'keys': []}|keys.json:1:13: version: must be at most 1,"
            + " found 2",
        "{'version': 1, 'keys': []}|keys.json:1:1: secret: is missing; it is needed: Fingerprint of"
            + " the secret.",
        "{'version': 1, 'secret': 'x', 'keys': [{'nam': 'a'}]}|keys.json:1:48: keys[0].nam: unknown"
            + " field, did you mean name? (and 6 more)",
      })
  void aFileThatIsNotUnderstoodIsLeftAlone(String content, String expected) throws IOException {
    Files.writeString(keys.path(), content.replace('\'', '"'));
    String message =
        directory
            + "/"
            + expected
            + ". The file was left as it is: correct it, restore a backup, or move it away and"
            + " create the keys anew.";
    assertThatThrownBy(() -> keys.list()).isInstanceOf(KeyFileException.class).hasMessage(message);
    assertThatThrownBy(() -> keys.create("a", null, null)).hasMessage(message);
    assertThat(Files.readString(keys.path())).isEqualTo(content.replace('\'', '"'));
  }

  @Test
  void aDamagedEntryIsNamed() throws Exception {
    StoredKey key = keys.create("alice", null, null).key();
    String file = Files.readString(keys.path());
    Files.writeString(keys.path(), file.replace(key.hash(), "0000"));
    assertThatThrownBy(() -> keys.list())
        .hasMessageContaining("keys[0].hash: is no hash: it has 64 hexadecimal digits");
  }

  @Test
  void anotherSecretIsNoticedBeforeEveryKeyFails() throws Exception {
    keys.create("alice", null, null);
    KeyFile other = file(KeyHasher.of(new byte[32]));
    assertThatThrownBy(other::list)
        .hasMessage(
            keys.path()
                + " was written under another secret, so none of its keys (1) would be recognised."
                + " Restore the former secret.key or encryption_key; or move the file away and"
                + " create the keys anew.");
    keys.revoke("alice");
    other.create("bob", null, null);
    assertThat(other.list()).hasSize(1);
  }

  @Test
  void whereNothingCanBeWrittenTheSecretLivesAsLongAsTheProcess() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    KeyHasher fleeting = InstalledSecret.hasher(file.resolve("below"), new SecureRandom());
    assertThat(fleeting.fingerprint())
        .isNotEqualTo(
            InstalledSecret.hasher(file.resolve("below"), new SecureRandom()).fingerprint());
  }

  @Test
  void aDamagedSecretIsNamed() throws IOException {
    Files.write(directory.resolve("secret.key"), new byte[5]);
    assertThatThrownBy(() -> InstalledSecret.hasher(directory, new SecureRandom()))
        .hasMessage(
            directory.resolve("secret.key")
                + " is damaged: it must hold 32 bytes. Restore it from a backup; or remove it"
                + " together with keys.json and create the keys anew.");
  }
}
