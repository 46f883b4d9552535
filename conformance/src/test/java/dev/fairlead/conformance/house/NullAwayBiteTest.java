package dev.fairlead.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * The compiler, run with the arguments of the root POM, rejects a null dereference. Without this a
 * NullAway that checks nothing (as an old one did on a new JDK) would go unnoticed.
 */
class NullAwayBiteTest {
  private static final String SAFE =
      """
      package sample;

      import org.jspecify.annotations.NullMarked;
      import org.jspecify.annotations.Nullable;

      @NullMarked
      final class Sample {
        private Sample() {}

        static int length(@Nullable String text) {
          return text == null ? 0 : text.length();
        }
      }
      """;
  private static final String UNSAFE =
      SAFE.replace("return text == null ? 0 : text.length();", "return text.length();");

  private record Compilation(int exit, String output) {}

  @TempDir private Path directory;

  @Test
  void nullDereferenceDoesNotCompile() throws Exception {
    Compilation compilation = compile(UNSAFE);

    assertThat(compilation.output())
        .contains("[NullAway] dereferenced expression 'text' is @Nullable");
    assertThat(compilation.exit()).isEqualTo(1);
  }

  @Test
  void safeCodeCompiles() throws Exception {
    Compilation compilation = compile(SAFE);

    assertThat(compilation.output()).isEmpty();
    assertThat(compilation.exit()).isZero();
  }

  private Compilation compile(String source) throws Exception {
    Path file = Files.createDirectories(directory.resolve("sample")).resolve("Sample.java");
    Files.writeString(file, source);
    String libraries = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    command.addAll(compilerArguments());
    command.addAll(List.of("--release", "25", "-d", directory.resolve("classes").toString()));
    command.addAll(List.of("-cp", libraries, "-processorpath", libraries, file.toString()));

    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = javac.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(javac.waitFor(60, TimeUnit.SECONDS)).as("javac ends").isTrue();
      return new Compilation(javac.exitValue(), text);
    } finally {
      javac.destroyForcibly();
    }
  }

  private static List<String> compilerArguments() throws Exception {
    Document pom = parse(Checkout.root().resolve("pom.xml"));
    NodeList all = pom.getElementsByTagName("compilerArgs");
    assertThat(all.getLength()).as("lists of compiler arguments in the root POM").isEqualTo(1);
    List<String> arguments = new ArrayList<>();
    NodeList children = all.item(0).getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i).getNodeName().equals("arg")) {
        arguments.add(children.item(i).getTextContent());
      }
    }
    return arguments;
  }

  private static Document parse(Path file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    try (InputStream in = Files.newInputStream(file)) {
      return factory.newDocumentBuilder().parse(in);
    } catch (IOException e) {
      throw new IOException("cannot read " + file, e);
    }
  }
}
