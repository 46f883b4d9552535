package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.prompt.Foreign;

/** What a namespace of tools is for. */
record Namespace(String name, String description) {
  private static final Interests WANTED = Interests.of("name", "description");

  /** Read from the field the reader has kept. */
  static Namespace of(Foreign field) {
    Envelope object = Envelope.scan(field.raw(), WANTED, ScanRules.REPLY);
    String name = object.string("name");
    String description = object.string("description");
    return new Namespace(name == null ? "" : name, description == null ? "" : description);
  }
}
