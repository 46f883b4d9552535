package dev.fairlead.conformance.house;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.fairlead.conformance.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The table of modules in ARCHITECTURE.md, and what holds in all of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String JDK = "java..";
  private static final String CRYPTO = "javax.crypto..";
  private static final String ANNOTATIONS = "org.jspecify..";
  private static final String CORE = "dev.fairlead.core..";
  private static final String CODEC = "dev.fairlead.codec..";
  private static final String PROVIDER = "dev.fairlead.provider..";
  private static final String WIRE = "dev.fairlead.wire..";
  private static final Pattern SENTENCE = Pattern.compile("(?s)^/\\*\\*.+?[.:]\\s*(\\n \\*/|\\*/)");

  private JavaClasses ours;

  @BeforeAll
  void read() {
    ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fairlead");
  }

  @Test
  void classesOfAllModulesAreSeen() {
    for (String module : List.of("core", "codec", "provider", "wire", "app", "testkit")) {
      assertThat(
              ours.stream()
                  .anyMatch(type -> type.getPackageName().startsWith("dev.fairlead." + module)))
          .as("classes of " + module + " on the class path")
          .isTrue();
    }
  }

  @Test
  void coreStandsOnNothing() {
    mayDependOn("dev.fairlead.core..", JDK, CRYPTO, ANNOTATIONS, CORE);
  }

  @Test
  void codecStandsOnCoreAndJacksonsCore() {
    mayDependOn("dev.fairlead.codec..", JDK, ANNOTATIONS, CORE, CODEC, "tools.jackson.core..");
  }

  @Test
  void providerStandsOnCoreAndCodec() {
    mayDependOn(
        "dev.fairlead.provider..", JDK, ANNOTATIONS, CORE, CODEC, PROVIDER, "tools.jackson.core..");
  }

  @Test
  void wireDoesNotKnowTheApp() {
    mayDependOn(
        "dev.fairlead.wire..",
        JDK,
        "javax.net.ssl..",
        "javax.security..",
        ANNOTATIONS,
        CORE,
        CODEC,
        PROVIDER,
        WIRE,
        "io.vertx..",
        "io.netty..",
        "com.github.luben.zstd..",
        "org.slf4j..");
  }

  @Test
  void storeStandsOnCoreAndItsDatabases() {
    mayDependOn(
        "dev.fairlead.store..",
        JDK,
        "javax.sql..",
        CRYPTO,
        ANNOTATIONS,
        CORE,
        "dev.fairlead.store..",
        "org.sqlite..",
        "org.postgresql..",
        "com.zaxxer..",
        "com.github.luben.zstd..",
        "org.slf4j..");
  }

  @Test
  void testkitStandsOnTheJdk() {
    mayDependOn(
        "dev.fairlead.testkit..", JDK, "javax.net.ssl..", ANNOTATIONS, "dev.fairlead.testkit..");
  }

  @Test
  void onlyWireKnowsTheNetworkLibrary() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(WIRE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.."));
  }

  @Test
  void nothingUsesTestkit() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.fairlead.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.fairlead.testkit.."));
  }

  @Test
  void noStaticMutableState() {
    check(fields().that().areStatic().should(beFinal()));
  }

  @Test
  void noReflection() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.fairlead.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.reflect"));
  }

  @Test
  void namesSayWhatAClassIs() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl|Misc|Common)(\\$.*)?"));
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
    List<String> wrong =
        Checkout.files(".java").stream()
            .map(Path::getParent)
            .distinct()
            .filter(folder -> folder.toString().contains("/src/main/java/"))
            .filter(folder -> !isDescribed(folder.resolve("package-info.java")))
            .map(folder -> Checkout.root().relativize(folder).toString())
            .toList();

    assertThat(wrong).as("packages without a sentence and @NullMarked in package-info").isEmpty();
  }

  @Test
  void logsGoThroughTheLogger() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE, CODEC, PROVIDER, WIRE)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  private void mayDependOn(String module, String... packages) {
    check(
        classes()
            .that()
            .resideInAPackage(module)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(packages));
  }

  private void check(ArchRule rule) {
    rule.check(ours);
  }

  private static boolean isDescribed(Path info) {
    if (!Files.exists(info)) {
      return false;
    }
    String text = Checkout.text(info);
    return text.contains("@NullMarked") && SENTENCE.matcher(text).find();
  }

  /** Fields the compiler makes (switch tables, assertions) are not ours. */
  private static ArchCondition<JavaField> beFinal() {
    return new ArchCondition<>("be final") {
      @Override
      public void check(JavaField field, ConditionEvents events) {
        boolean holds =
            field.getModifiers().contains(FINAL)
                || field.getName().contains("$")
                || !field.getModifiers().contains(STATIC);
        JavaClass owner = field.getOwner();
        events.add(
            new SimpleConditionEvent(
                field,
                holds,
                owner.getName() + "." + field.getName() + " is static and not final"));
      }
    };
  }
}
