package dev.fairlead.app.logs;

import dev.fairlead.app.telemetry.ReceiptLog;
import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.store.log.Facet;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Erases lines of requests, on the thread that writes them, a file at a time. */
public final class LineErasure {
  private static final String PRINCIPAL = "principal";
  private static final String USER = "user_id";
  private static final Interests WHO = Interests.of(PRINCIPAL, USER);

  private final ReceiptPump pump;
  private final ReceiptLog log;

  public LineErasure(ReceiptPump pump, ReceiptLog log) {
    this.pump = pump;
    this.log = log;
  }

  /** Erases the lines of a virtual key or a user; of no other facet are there any. */
  void erase(Facet facet, String value) throws InterruptedException, ExecutionException {
    String member = facet == Facet.KEY ? PRINCIPAL : USER;
    String wanted = facet == Facet.KEY ? "vk:" + value : value;
    List<Path> files = pump.ask(log::paths).get();
    for (Path file : files) {
      pump.ask(() -> log.erase(file, line -> is(line, member, wanted))).get();
    }
  }

  private static boolean is(Bytes line, String member, String wanted) {
    try {
      return wanted.equals(Envelope.scan(line, WHO, ScanRules.REPLY).string(member));
    } catch (MalformedBody notOurs) {
      // Half a line of a program that was killed, or somebody else's.
      return false;
    }
  }
}
