package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Effect;
import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.app.config.shape.ShapeCheck;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON schema (draft 2020-12) of {@code config.json}, made from the description the reader
 * checks with, so that an editor and a start never disagree about a field.
 */
public final class ConfigSchema {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String REFERENCE = "#/$defs/reference";

  private ConfigSchema() {}

  /** The schema as indented JSON with a line end. */
  public static String text() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "Configuration of Fairlead (config.json)");
    root.setAll((ObjectNode) of(ConfigFields.ROOT));
    ObjectNode reference = root.putObject("$defs").putObject("reference");
    reference.put(
        "description",
        "A value, or where it stands: env.NAME, file.PATH, or an object that says so.");
    ArrayNode forms = reference.putArray("anyOf");
    forms.addObject().put("type", "string");
    forms.add(of(ShapeCheck.referenceShape()));
    return MAPPER.writeValueAsString(root).replace("\r\n", "\n") + "\n";
  }

  private static JsonNode of(Shape shape) {
    ObjectNode schema = MAPPER.createObjectNode();
    switch (shape) {
      case Shape.Anything _ -> {}
      case Shape.Flag _ -> schema.put("type", "boolean");
      case Shape.Text text -> text(schema, text);
      case Shape.Whole(long least, long most) ->
          schema.put("type", "integer").put("minimum", least).put("maximum", most);
      case Shape.Decimal(BigDecimal least, BigDecimal most) ->
          schema.put("type", "number").put("minimum", least).put("maximum", most);
      case Shape.Items(Shape item, int most) -> {
        schema.put("type", "array").put("maxItems", most);
        schema.set("items", of(item));
      }
      case Shape.Table(Shape value, int most) -> {
        schema.put("type", "object").put("maxProperties", most);
        schema.set("additionalProperties", of(value));
      }
      case Shape.Struct(Map<String, Field> fields, boolean open) -> struct(schema, fields, open);
      case Shape.Either(List<Shape> shapes) -> {
        ArrayNode forms = schema.putArray("anyOf");
        shapes.forEach(form -> forms.add(of(form)));
      }
    }
    return schema;
  }

  private static void text(ObjectNode schema, Shape.Text text) {
    if (text.reference()) {
      schema.put("$ref", REFERENCE);
      return;
    }
    schema.put("type", "string");
    if (!text.choices().isEmpty()) {
      ArrayNode choices = schema.putArray("enum");
      text.choices().forEach(choices::add);
    }
    switch (text.format()) {
      case ANY, CIDR, HEADER, KEEP_ALIVE, ZONE -> {}
      case NOT_BLANK -> schema.put("pattern", "\\S");
      case URL -> schema.put("format", "uri").put("pattern", "^https?://");
      case PATH_OR_URL -> schema.put("pattern", "^(/|https?://)");
      case DURATION -> schema.put("pattern", "^\\d{1,9}(ms|s|m|h|d)$");
      case INSTANT -> schema.put("format", "date-time");
      case MODEL -> schema.put("pattern", "^[^/]+/.+$");
      case PERIOD ->
          schema.put(
              "pattern",
              "^([1-9]\\d{0,3}(mo|[mhdwMQY])"
                  + "|hourly|daily|weekly|monthly|quarterly|yearly|annually)$");
    }
  }

  private static void struct(ObjectNode schema, Map<String, Field> fields, boolean open) {
    schema.put("type", "object");
    if (!fields.isEmpty()) {
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = MAPPER.createArrayNode();
      for (Field field : fields.values()) {
        properties.set(field.name(), field(field));
        if (field.required()) {
          required.add(field.name());
        }
      }
      if (!required.isEmpty()) {
        schema.set("required", required);
      }
    }
    schema.put("additionalProperties", open);
  }

  private static JsonNode field(Field field) {
    ObjectNode schema = (ObjectNode) of(field.shape());
    if (!field.required()) {
      orNull(schema);
    }
    String doc =
        switch (field.effect()) {
          case Effect.Honoured _ -> field.doc();
          case Effect.Inert _ -> "Accepted without effect in this version.";
          case Effect.Restricts(String section) ->
              "Limits something that this version does not enforce; needs \""
                  + section
                  + "\" in fairlead.accept_unenforced.";
        };
    if (!doc.isEmpty()) {
      schema.put("description", doc);
    }
    if (field.byDefault() != null) {
      schema.set("default", MAPPER.valueToTree(field.byDefault()));
    }
    return schema;
  }

  /** Null means the same as leaving a field out. */
  private static void orNull(ObjectNode schema) {
    if (schema.get("anyOf") instanceof ArrayNode forms) {
      forms.addObject().put("type", "null");
    } else if (schema.has("$ref")) {
      ArrayNode forms = MAPPER.createArrayNode();
      forms.addObject().put("$ref", REFERENCE);
      forms.addObject().put("type", "null");
      schema.remove("$ref");
      schema.set("anyOf", forms);
    } else if (schema.has("type")) {
      ArrayNode types = MAPPER.createArrayNode();
      types.add(schema.get("type"));
      types.add("null");
      schema.set("type", types);
      if (schema.get("enum") instanceof ArrayNode choices) {
        choices.addNull();
      }
    }
  }
}
