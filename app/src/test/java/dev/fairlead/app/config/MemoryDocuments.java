package dev.fairlead.app.config;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents as a database keeps them, without one. */
final class MemoryDocuments implements Documents {
  private final Map<String, Document> documents = new LinkedHashMap<>();
  private long revision;
  private boolean gone;
  private int refused;

  /** Whether the database answers from now on. */
  synchronized void reachable(boolean reachable) {
    gone = !reachable;
  }

  /** How many writes were refused because the database did not answer. */
  synchronized int refused() {
    return refused;
  }

  /** Puts a document there as another node or an older version would have. */
  synchronized void put(String kind, String id, String name, String json) {
    revision++;
    documents.put(
        kind + "/" + id, new Document(kind, id, name, json.replace('\'', '"'), revision, false));
  }

  @Override
  public synchronized List<Document> since(long after) {
    if (gone) {
      throw new Unavailable("connection refused", new IllegalStateException("down"));
    }
    List<Document> found = new ArrayList<>();
    for (Document document : documents.values()) {
      if (document.revision() > after && (after > 0 || !document.deleted())) {
        found.add(document);
      }
    }
    return found;
  }

  @Override
  public synchronized long write(List<Change> changes, @Nullable AuditEntry note) {
    if (gone) {
      refused++;
      throw new Unavailable("connection refused", new IllegalStateException("down"));
    }
    long next = revision + 1;
    for (Change change : changes) {
      switch (change) {
        case Change.Create(String kind, String id, String name, String json) -> {
          Document there = documents.get(kind + "/" + id);
          if (there != null && !there.deleted()) {
            throw new Conflict("there is a " + kind + " " + id + " already");
          }
          documents.put(kind + "/" + id, new Document(kind, id, name, json, next, false));
        }
        case Change.Replace(String kind, String id, String name, String json, long at) -> {
          check(kind, id, at);
          documents.put(kind + "/" + id, new Document(kind, id, name, json, next, false));
        }
        case Change.Remove(String kind, String id, long at) -> {
          check(kind, id, at);
          documents.put(kind + "/" + id, new Document(kind, id, "", "", next, true));
        }
      }
    }
    revision = next;
    return next;
  }

  private void check(String kind, String id, long at) {
    Document there = documents.get(kind + "/" + id);
    if (there == null || there.deleted() || there.revision() != at) {
      throw new Conflict("the " + kind + " " + id + " was changed meanwhile");
    }
  }

  /** What is stored, whole. */
  synchronized String stored(String kind, String id) {
    Document there = documents.get(kind + "/" + id);
    return there == null ? "" : there.json();
  }
}
