package dev.fairlead.testkit.replies;

/** A function call; {@code arguments} is the text of a JSON object. */
public record ToolCall(String id, String name, String arguments) {}
