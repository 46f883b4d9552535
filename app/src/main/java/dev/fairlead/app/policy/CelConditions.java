package dev.fairlead.app.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.fairlead.core.routing.Condition;
import dev.fairlead.core.routing.Variable;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Conditions written in the <a href="https://cel.dev">Common Expression Language</a>: the standard
 * functions and macros, and the string extensions. The library is loaded when the first rule is.
 */
public final class CelConditions {
  /** Longest expression, in characters. */
  public static final int LONGEST = 4_096;

  /** Most steps of all comprehensions of one evaluation. */
  static final int MOST_ITERATIONS = 10_000;

  /** Errors that say the request lacks what was asked for: a header, a parameter, a second path. */
  private static final Set<CelErrorCode> UNREVEALED =
      EnumSet.of(CelErrorCode.ATTRIBUTE_NOT_FOUND, CelErrorCode.INDEX_OUT_OF_BOUNDS);

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(LONGEST)
          .maxParseRecursionDepth(64)
          .comprehensionMaxIterations(MOST_ITERATIONS)
          .maxRegexProgramSize(2_000)
          .enableHeterogeneousNumericComparisons(true)
          .build();
  private static final CelCompiler COMPILER = compiler();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addLibraries(CelExtensions.strings())
          .build();

  private static final ConstantParts.Probes PROBES = probes();

  private CelConditions() {}

  private static ConstantParts.Probes probes() {
    String value = ConstantParts.Probes.VALUE;
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .addVar(value, SimpleType.STRING)
            .build();
    try {
      return new ConstantParts.Probes(
          RUNTIME.createProgram(compiler.compile("''.matches(" + value + ")").getAst()),
          RUNTIME.createProgram(
              compiler
                  .compile("timestamp('2026-01-01T00:00:00Z').getHours(" + value + ")")
                  .getAst()));
    } catch (CelValidationException | CelEvaluationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static CelCompiler compiler() {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings())
            .setResultType(SimpleType.BOOL);
    for (Variable variable : Variable.values()) {
      builder.addVar(variable.label(), type(variable.type()));
    }
    return builder.build();
  }

  private static CelType type(Variable.Type type) {
    return switch (type) {
      case TEXT -> SimpleType.STRING;
      case NUMBER -> SimpleType.INT;
      case DECIMAL -> SimpleType.DOUBLE;
      case TRUTH -> SimpleType.BOOL;
      case TEXTS -> ListType.create(SimpleType.STRING);
      case TEXTS_BY_NAME -> MapType.create(SimpleType.STRING, SimpleType.STRING);
      case INSTANT -> SimpleType.TIMESTAMP;
    };
  }

  /** What is wrong with {@code expression}, in words for people, or null when it can be used. */
  public static @Nullable String check(String expression) {
    if (expression.isBlank()) {
      return null;
    }
    try {
      compile(expression);
      return null;
    } catch (IllegalArgumentException invalid) {
      return invalid.getMessage();
    }
  }

  /**
   * Compiles {@code expression}, and evaluates what of it no request has a say in.
   *
   * @throws IllegalArgumentException when it is not valid; the message says what and where
   */
  public static Condition compile(String expression) {
    if (expression.length() > LONGEST) {
      throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
    }
    try {
      CelAbstractSyntaxTree tree = COMPILER.compile(expression).getAst();
      Set<Variable> needs = EnumSet.noneOf(Variable.class);
      for (CelReference reference : tree.getReferenceMap().values()) {
        Variable variable = Variable.named(reference.name());
        if (variable != null) {
          needs.add(variable);
        }
      }
      ConstantParts.check(tree, RUNTIME, PROBES);
      return new Compiled(RUNTIME.createProgram(tree), needs);
    } catch (CelValidationException invalid) {
      throw new IllegalArgumentException(words(expression, invalid.getErrors()), invalid);
    } catch (IllegalArgumentException invalid) {
      throw invalid;
    } catch (CelEvaluationException | RuntimeException invalid) {
      throw new IllegalArgumentException(
          "is no valid CEL expression: " + invalid.getMessage(), invalid);
    }
  }

  private static String words(String expression, List<CelIssue> issues) {
    if (expression.contains("complexity_tier")) {
      return "uses complexity_tier, which this gateway does not compute; use input_tokens,"
          + " has_tools or client_feature";
    }
    CelIssue first = issues.getFirst();
    String said = first.getMessage();
    StringBuilder words =
        new StringBuilder("is no valid CEL expression: line ")
            .append(first.getSourceLocation().getLine())
            .append(", column ")
            .append(first.getSourceLocation().getColumn() + 1)
            .append(": ")
            .append(said.length() > 300 ? said.substring(0, 300) + "…" : said);
    if (said.startsWith("undeclared reference")) {
      words.append(". Known are ");
      Set<String> names = new TreeSet<>();
      for (Variable variable : Variable.values()) {
        names.add(variable.label());
      }
      words.append(String.join(", ", names));
    }
    return words.toString();
  }

  private record Compiled(CelRuntime.Program program, Set<Variable> needs) implements Condition {
    @Override
    public Answer test(Facts facts) {
      Set<String> missing = new TreeSet<>();
      try {
        Object result =
            program.eval(name -> {
              Variable variable = Variable.named(name);
              Object value = variable == null ? null : facts.value(variable);
              if (value == null) {
                missing.add(name);
              }
              return Optional.ofNullable(value);
            });
        if (result instanceof Boolean truth) {
          return truth ? Answer.TRUE : Answer.FALSE;
        }
        return Answer.unknown(unknown(missing, "it has no answer"));
      } catch (CelEvaluationException undecided) {
        String said = unknown(missing, String.valueOf(undecided.getMessage()));
        return UNREVEALED.contains(undecided.getErrorCode())
            ? Answer.unknown(said)
            : Answer.failed(said);
      } catch (RuntimeException broken) {
        // Whatever a library throws for a request must never pass for an answer.
        return Answer.failed(broken.getClass().getSimpleName());
      }
    }

    private static String unknown(Set<String> missing, String said) {
      return missing.isEmpty()
          ? said.length() > 200 ? said.substring(0, 200) + "…" : said
          : "the request does not reveal " + String.join(", ", missing);
    }
  }
}
