package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Looks for secrets in captured logs or any other text: as they are, URL-encoded, in Base64 and in
 * hexadecimal.
 *
 * <p>Findings show where a secret stands and in which form, never the secret.
 */
public final class LogLeaks {
  private static final int SHORTEST = 8;

  /**
   * One finding.
   *
   * @param secret its place in the list of secrets, from 1
   * @param form how it was written
   * @param line from 1
   * @param context the text before it on its line, with secrets masked
   */
  public record Leak(int secret, String form, int line, String context) {
    @Override
    public String toString() {
      return "secret " + secret + " (" + form + ") in line " + line + " after '" + context + "'";
    }
  }

  private record Needle(int secret, String form, String text) {}

  private final List<Needle> needles = new ArrayList<>();

  private LogLeaks(List<String> secrets) {
    for (int i = 0; i < secrets.size(); i++) {
      addForms(i + 1, secrets.get(i));
    }
  }

  /** Secrets of at least 8 characters: shorter ones occur by chance. */
  public static LogLeaks of(String... secrets) {
    return new LogLeaks(List.of(secrets));
  }

  private void addForms(int number, String secret) {
    if (secret.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "secret " + number + " has fewer than " + SHORTEST + " characters");
    }
    needles.add(new Needle(number, "plain", secret));
    String encoded = URLEncoder.encode(secret, UTF_8);
    if (!encoded.equals(secret)) {
      needles.add(new Needle(number, "URL-encoded", encoded));
    }
    byte[] bytes = secret.getBytes(UTF_8);
    for (int shift = 0; shift < 3; shift++) {
      needles.add(new Needle(number, "Base64", base64Core(bytes, shift)));
    }
    needles.add(new Needle(number, "hexadecimal", HexFormat.of().formatHex(bytes)));
  }

  /**
   * The part of the Base64 form that does not depend on what stands before and after the secret.
   */
  private static String base64Core(byte[] secret, int shift) {
    byte[] shifted = new byte[shift + secret.length];
    System.arraycopy(secret, 0, shifted, shift, secret.length);
    int whole = shifted.length / 3 * 3;
    int from = shift == 0 ? 0 : 4;
    String text = new String(Base64.getEncoder().encode(shifted), ISO_8859_1);
    return text.substring(from, whole / 3 * 4);
  }

  /** All findings in the text, line by line. */
  public List<Leak> scan(String text) {
    List<Leak> leaks = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      for (Needle needle : needles) {
        int at = lines.get(i).indexOf(needle.text());
        if (at >= 0) {
          leaks.add(
              new Leak(
                  needle.secret(), needle.form(), i + 1, masked(lines.get(i).substring(0, at))));
        }
      }
    }
    return leaks;
  }

  /** Fails if a secret occurs in the text; {@code where} names the text in the failure. */
  public void assertNoneIn(String where, String text) {
    List<Leak> leaks = scan(text);
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          "secrets in "
              + where
              + ":\n  "
              + String.join("\n  ", leaks.stream().map(Leak::toString).toList()));
    }
  }

  /** Fails if a secret occurs in the file. */
  public void assertNoneIn(Path file) {
    try {
      assertNoneIn(file.toString(), Files.readString(file, ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String masked(String before) {
    String text = before;
    for (Needle needle : needles) {
      text = text.replace(needle.text(), "***");
    }
    return text.length() > 60 ? "…" + text.substring(text.length() - 60) : text;
  }
}
