package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Problem;
import java.util.ArrayList;
import java.util.List;

/** What reading one file brings to light; confined to the thread that reads. */
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Something that keeps the file from being used. */
  void problem(Json at, String path, String message) {
    problems.add(new Problem(path, at.line(), at.column(), message));
  }

  /** Something the operator should know. */
  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  List<Problem> problems() {
    return problems;
  }

  List<String> notes() {
    return notes;
  }
}
