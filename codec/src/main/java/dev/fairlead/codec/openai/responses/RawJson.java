package dev.fairlead.codec.openai.responses;

import dev.fairlead.core.model.Bytes;

/** JSON that is passed on as it stood. */
final class RawJson {
  private RawJson() {}

  /** Without line breaks between its tokens, for one line of an event stream. */
  static Bytes oneLine(Bytes json) {
    byte[] array = json.array();
    int end = json.offset() + json.length();
    for (int i = json.offset(); i < end; i++) {
      if (array[i] == '\n' || array[i] == '\r') {
        byte[] copy = json.toByteArray();
        for (int j = i - json.offset(); j < copy.length; j++) {
          if (copy[j] == '\n' || copy[j] == '\r') {
            copy[j] = ' ';
          }
        }
        return Bytes.of(copy);
      }
    }
    return json;
  }
}
