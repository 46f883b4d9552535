package dev.fairlead.conformance.house;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The documentation holds together: links lead somewhere, and what is marked as JSON is JSON. */
class DocsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)(?:\\s+\"[^\"]*\")?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6}\\s+(.+?)\\s*$");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)[^\n]*\n(.*?)^ *```");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  @Test
  void relativeLinksResolve() {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      String prose = BLOCK.matcher(Checkout.text(page)).replaceAll("");
      Matcher links = LINK.matcher(prose);
      while (links.find()) {
        String link = links.group(1);
        if (!link.matches("[a-z]+:.*") && !resolves(page, link)) {
          broken.add(shown(page) + " -> " + link);
        }
      }
    }

    assertThat(broken).as("links that lead nowhere").isEmpty();
  }

  @Test
  void jsonBlocksParse() {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher blocks = BLOCK.matcher(Checkout.text(page));
      while (blocks.find()) {
        if (blocks.group(1).equals("json")) {
          try {
            JSON.readTree(blocks.group(2));
          } catch (JacksonException e) {
            broken.add(shown(page) + ": " + e.getOriginalMessage() + " in\n" + blocks.group(2));
          }
        }
      }
    }

    assertThat(broken).as("blocks marked json that are none").isEmpty();
  }

  private static List<Path> pages() {
    List<Path> pages = Checkout.files(".md");
    assertThat(pages).as("pages").isNotEmpty();
    return pages;
  }

  private static boolean resolves(Path page, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target =
        file.isEmpty()
            ? page
            : file.startsWith("/")
                ? Checkout.root().resolve(file.substring(1))
                : page.resolveSibling(file);
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0
        || !target.toString().endsWith(".md")
        || anchors(target).contains(link.substring(hash + 1));
  }

  /** The anchors that hosts of Git repositories make of headings. */
  private static Set<String> anchors(Path page) {
    return HEADING
        .matcher(BLOCK.matcher(Checkout.text(page)).replaceAll(""))
        .results()
        .map(heading ->
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .collect(toSet());
  }

  private static Path shown(Path page) {
    return Checkout.root().relativize(page);
  }
}
