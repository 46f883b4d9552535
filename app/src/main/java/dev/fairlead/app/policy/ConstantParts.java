package dev.fairlead.app.policy;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an expression that no request has a say in. They are evaluated once, when the
 * expression is compiled: what fails then would fail for every request.
 */
final class ConstantParts {
  /** Longest message of the library that is passed on, in characters. */
  private static final int LONGEST_SAID = 300;

  /** Functions of a moment that take a time zone. */
  private static final Set<String> OF_ZONES =
      Set.of(
          "getFullYear",
          "getMonth",
          "getDayOfYear",
          "getDayOfMonth",
          "getDate",
          "getDayOfWeek",
          "getHours",
          "getMinutes",
          "getSeconds",
          "getMilliseconds");

  /** What tries a value that a function gets together with what a request says. */
  record Probes(CelRuntime.Program regex, CelRuntime.Program zone) {
    /** The variable that takes the value. */
    static final String VALUE = "value";
  }

  private final CelAbstractSyntaxTree tree;
  private final CelRuntime runtime;
  private final Probes probes;

  private ConstantParts(CelAbstractSyntaxTree tree, CelRuntime runtime, Probes probes) {
    this.tree = tree;
    this.runtime = runtime;
    this.probes = probes;
  }

  /**
   * Evaluates those of {@code tree}.
   *
   * @throws IllegalArgumentException when one of them fails; the message says why
   */
  static void check(CelAbstractSyntaxTree tree, CelRuntime runtime, Probes probes) {
    ConstantParts parts = new ConstantParts(tree, runtime, probes);
    if (parts.free(tree.getExpr()).isEmpty()) {
      parts.value(tree.getExpr());
    }
  }

  /** The names {@code at} needs from outside; evaluates the largest parts that need none. */
  private Set<String> free(CelExpr at) {
    return switch (at.getKind()) {
      case NOT_SET, CONSTANT -> Set.of();
      case IDENT -> Set.of(at.ident().name());
      case SELECT -> of(List.of(at.select().operand()));
      case CALL -> call(at);
      case LIST -> of(at.list().elements());
      case STRUCT ->
          of(at.struct().entries().stream().map(CelExpr.CelStruct.Entry::value).toList());
      case MAP -> {
        List<CelExpr> both = new ArrayList<>();
        for (CelExpr.CelMap.Entry entry : at.map().entries()) {
          both.add(entry.key());
          both.add(entry.value());
        }
        yield of(both);
      }
      case COMPREHENSION -> comprehension(at.comprehension());
    };
  }

  private Set<String> of(List<CelExpr> parts) {
    List<Set<String>> needs = new ArrayList<>(parts.size());
    Set<String> all = new HashSet<>();
    for (CelExpr part : parts) {
      Set<String> own = free(part);
      needs.add(own);
      all.addAll(own);
    }
    if (!all.isEmpty()) {
      for (int i = 0; i < needs.size(); i++) {
        if (needs.get(i).isEmpty()) {
          value(parts.get(i));
        }
      }
    }
    return all;
  }

  private Set<String> call(CelExpr at) {
    CelExpr.CelCall call = at.call();
    List<CelExpr> parts = new ArrayList<>();
    call.target().ifPresent(parts::add);
    parts.addAll(call.args());
    Set<String> needs = of(parts);
    if (needs.isEmpty() || parts.size() < 2) {
      return needs;
    }
    CelExpr last = parts.getLast();
    String function = call.function();
    boolean ofZone = OF_ZONES.contains(function);
    boolean divides = function.equals("_/_") || function.equals("_%_");
    boolean indexes = function.equals("_[_]") && kind(parts.getFirst()) == CelKind.LIST;
    if ((function.equals("matches") || ofZone || divides || indexes) && constant(last)) {
      Object value = value(last);
      if (function.equals("matches")) {
        probe(probes.regex(), value);
      } else if (ofZone) {
        probe(probes.zone(), value);
      } else if (divides && (Long.valueOf(0).equals(value) || UnsignedLong.ZERO.equals(value))) {
        throw new IllegalArgumentException("can never be evaluated: it divides by zero");
      } else if (indexes && value instanceof Long index && index < 0) {
        throw new IllegalArgumentException(
            "can never be evaluated: a list has no element " + index + "; the first is 0");
      }
    }
    return needs;
  }

  /** Whether nothing of {@code at} comes from outside; what it consists of was seen before. */
  private boolean constant(CelExpr at) {
    return at.getKind() == CelExpr.ExprKind.Kind.CONSTANT || free(at).isEmpty();
  }

  private Set<String> comprehension(CelExpr.CelComprehension loop) {
    Set<String> needs = new HashSet<>(of(List.of(loop.loopCondition(), loop.loopStep())));
    needs.remove(loop.iterVar());
    needs.remove(loop.iterVar2());
    Set<String> result = new HashSet<>(free(loop.result()));
    needs.addAll(result);
    needs.remove(loop.accuVar());
    Set<String> range = free(loop.iterRange());
    needs.addAll(range);
    needs.addAll(free(loop.accuInit()));
    if (!needs.isEmpty() && range.isEmpty()) {
      value(loop.iterRange());
    }
    return needs;
  }

  private @Nullable CelKind kind(CelExpr at) {
    return tree.getType(at.id()).map(type -> type.kind()).orElse(null);
  }

  private @Nullable Object value(CelExpr part) {
    if (part.getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
      CelConstant constant = part.constant();
      return switch (constant.getKind()) {
        case STRING_VALUE -> constant.stringValue();
        case INT64_VALUE -> constant.int64Value();
        case UINT64_VALUE -> constant.uint64Value();
        default -> null;
      };
    }
    CelAbstractSyntaxTree alone =
        CelAbstractSyntaxTree.newCheckedAst(
            part, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap());
    try {
      return runtime.createProgram(alone).eval();
    } catch (CelEvaluationException | RuntimeException failed) {
      throw refused(failed);
    }
  }

  private static void probe(CelRuntime.Program probe, @Nullable Object value) {
    if (value instanceof String text) {
      try {
        probe.eval(Map.of(Probes.VALUE, text));
      } catch (CelEvaluationException | RuntimeException failed) {
        throw refused(failed);
      }
    }
  }

  private static IllegalArgumentException refused(Exception failed) {
    String said = String.valueOf(failed.getMessage());
    return new IllegalArgumentException(
        "can never be evaluated: "
            + (said.length() > LONGEST_SAID ? said.substring(0, LONGEST_SAID) + "…" : said),
        failed);
  }
}
