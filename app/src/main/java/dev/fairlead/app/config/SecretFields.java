package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.core.port.Sealing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The secrets inside an entity: whatever its shape lets stand elsewhere, addresses excepted. They
 * rest sealed, are shown masked, and a masked one is never taken for a secret.
 */
final class SecretFields {
  /** What is shown in place of a secret. */
  static final String MASK = "********";

  private SecretFields() {}

  /**
   * Seals every secret in {@code entity} that is written out.
   *
   * @param place {@code kind/id}
   * @param problem takes path and complaint of what cannot be stored
   */
  static void seal(
      ObjectNode entity,
      Shape shape,
      String place,
      Sealing sealing,
      BiFunction<String, String, Void> problem) {
    walk(
        entity,
        shape,
        "",
        (path, node) -> {
          if (node.isObject()) {
            String variable = text(node, "env_var");
            String written = text(node, "value") == null ? text(node, "ref") : text(node, "value");
            if (variable != null && !"".equals(variable)) {
              return StringNode.valueOf(variable.startsWith("env.") ? variable : "env." + variable);
            }
            if (written == null) {
              problem.apply(path, "holds no value; write the secret itself, or env.NAME");
              return node;
            }
            return sealed(written, place + "/" + path, path, sealing, problem);
          }
          return node.isString()
              ? sealed(node.stringValue(), place + "/" + path, path, sealing, problem)
              : node;
        });
  }

  private static JsonNode sealed(
      String text,
      String place,
      String path,
      Sealing sealing,
      BiFunction<String, String, Void> problem) {
    if (text.startsWith("env.") || text.isEmpty()) {
      return StringNode.valueOf(text);
    }
    if (text.startsWith(Sealing.PREFIX)) {
      try {
        sealing.open(text, place);
        return StringNode.valueOf(text);
      } catch (Sealing.Unopened foreign) {
        problem.apply(path, "is a sealed text of another place; write the secret itself");
        return StringNode.valueOf(text);
      }
    }
    if (text.startsWith("file.") || text.startsWith("vault.")) {
      problem.apply(
          path,
          "names a file or vault, which only config.json may; write the secret itself, or"
              + " env.NAME");
      return StringNode.valueOf(text);
    }
    if (Placeholders.masked(text)) {
      problem.apply(
          path, "is a masked value, copied from a display; leave the field out to keep the secret");
      return StringNode.valueOf(text);
    }
    return StringNode.valueOf(sealing.seal(text, place));
  }

  /** Masks every secret in {@code entity}; names of variables and files are none. */
  static void mask(ObjectNode entity, Shape shape) {
    walk(
        entity,
        shape,
        "",
        (_, node) -> {
          if (node.isString()) {
            String text = node.stringValue();
            boolean elsewhere =
                text.startsWith("env.") || text.startsWith("file.") || text.startsWith("vault.");
            return elsewhere || text.isEmpty() ? node : StringNode.valueOf(MASK);
          }
          if (node instanceof ObjectNode object && text(object, "env_var") == null) {
            String type = text(object, "type");
            if (type == null || type.equals("plain_text")) {
              return StringNode.valueOf(MASK);
            }
          }
          return node;
        });
  }

  /**
   * Secrets of {@code former} where {@code entity} has none, or their mask, so that they need not
   * be sent again and what was shown can be sent back.
   */
  static void keep(ObjectNode entity, ObjectNode former, Shape shape) {
    List<String> paths = new ArrayList<>();
    Map<String, JsonNode> secrets = new LinkedHashMap<>();
    walk(
        former,
        shape,
        "",
        (path, node) -> {
          if (path.indexOf('.') < 0) {
            paths.add(path);
          }
          secrets.put(path, node);
          return node;
        });
    for (String path : paths) {
      JsonNode secret = secrets.get(path);
      if (!entity.has(path) && secret != null) {
        entity.set(path, secret);
      }
    }
    walk(
        entity,
        shape,
        "",
        (path, node) -> {
          JsonNode secret = secrets.get(path);
          boolean masked = node.isString() && node.stringValue().equals(MASK);
          return masked && secret != null ? secret : node;
        });
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode found = node.get(field);
    return found != null && found.isString() ? found.stringValue() : null;
  }

  private static void walk(
      JsonNode node, Shape shape, String path, BiFunction<String, JsonNode, JsonNode> change) {
    switch (shape) {
      case Shape.Struct(Map<String, Field> fields, boolean _) -> {
        if (node instanceof ObjectNode object) {
          for (String name : List.copyOf(object.propertyNames())) {
            Field field = fields.get(name);
            JsonNode member = object.get(name);
            if (field != null && member != null) {
              String own = path.isEmpty() ? name : path + "." + name;
              member(member, field.shape(), own, change, changed -> object.set(name, changed));
            }
          }
        }
      }
      case Shape.Table(Shape value, int _) -> {
        if (node instanceof ObjectNode object) {
          for (String name : List.copyOf(object.propertyNames())) {
            JsonNode member = object.get(name);
            if (member != null) {
              member(
                  member, value, path + "." + name, change, changed -> object.set(name, changed));
            }
          }
        }
      }
      case Shape.Items(Shape item, int _) -> {
        if (node instanceof ArrayNode list) {
          for (int i = 0; i < list.size(); i++) {
            int index = i;
            JsonNode member = list.get(i);
            if (member != null) {
              member(
                  member, item, path + "[" + i + "]", change, changed -> list.set(index, changed));
            }
          }
        }
      }
      case Shape.Either(List<Shape> shapes) ->
          shapes.forEach(inner -> {
            boolean container =
                inner instanceof Shape.Struct
                    || inner instanceof Shape.Table
                    || inner instanceof Shape.Items;
            if (container) {
              walk(node, inner, path, change);
            }
          });
      case Shape.Text _, Shape.Whole _, Shape.Decimal _, Shape.Flag _, Shape.Anything _ -> {}
    }
  }

  private static void member(
      JsonNode member,
      Shape shape,
      String path,
      BiFunction<String, JsonNode, JsonNode> change,
      Consumer<JsonNode> put) {
    if (shape instanceof Shape.Text(Format format, List<String> _, boolean reference)) {
      if (reference && format != Format.URL && !member.isNull()) {
        put.accept(change.apply(path, member));
      }
    } else {
      walk(member, shape, path, change);
    }
  }

  /**
   * {@code entity} with its sealed texts opened, in a form that is never taken for a reference.
   *
   * @param place {@code kind/id}
   * @param problem takes why one does not open; it then counts as not given
   */
  static Json.Obj open(Json.Obj entity, String place, Sealing sealing, Consumer<String> problem) {
    return (Json.Obj) open(entity, place, "", sealing, problem);
  }

  private static Json open(
      Json node, String place, String path, Sealing sealing, Consumer<String> problem) {
    return switch (node) {
      case Json.Text(String text, int line, int column) when text.startsWith(Sealing.PREFIX) -> {
        try {
          Map<String, Json> plain = new LinkedHashMap<>();
          plain.put("value", new Json.Text(sealing.open(text, place + "/" + path), line, column));
          plain.put("type", new Json.Text("plain_text", line, column));
          yield new Json.Obj(plain, line, column);
        } catch (Sealing.Unopened closed) {
          problem.accept(String.valueOf(closed.getMessage()));
          yield new Json.Null(line, column);
        }
      }
      case Json.Obj(Map<String, Json> members, int line, int column) -> {
        Map<String, Json> opened = new LinkedHashMap<>();
        members.forEach((name, member) ->
            opened.put(
                name,
                open(member, place, path.isEmpty() ? name : path + "." + name, sealing, problem)));
        yield new Json.Obj(opened, line, column);
      }
      case Json.Arr(List<Json> items, int line, int column) -> {
        List<Json> opened = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
          opened.add(open(items.get(i), place, path + "[" + i + "]", sealing, problem));
        }
        yield new Json.Arr(opened, line, column);
      }
      case Json.Text _, Json.Num _, Json.Bool _, Json.Null _ -> node;
    };
  }
}
