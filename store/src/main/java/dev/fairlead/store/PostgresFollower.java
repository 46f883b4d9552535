package dev.fairlead.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what other replicas change: one connection listens, and asks for the number that rises
 * with every change once a second as well, because a notification may get lost with a connection or
 * in a proxy. When the connection is lost it is made again, for as long as it takes.
 */
final class PostgresFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresFollower.class);
  private static final int POLL_MILLIS = 1_000;

  /** After that long without an answer the connection counts as lost. */
  private static final int REPLY_SECONDS = 5;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final long CLOSE_MILLIS = 2_000;

  private final PostgresDatabase database;
  private final String channel;
  private final String number;
  private final Runnable changed;
  private final AtomicLong seen = new AtomicLong(-1);
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Connection current;

  private PostgresFollower(
      PostgresDatabase database, String channel, String number, Runnable changed) {
    this.database = database;
    this.channel = channel;
    this.number = number;
    this.changed = changed;
    this.thread = Thread.ofVirtual().name("fairlead-follow-" + channel).unstarted(this::follow);
  }

  /**
   * Follows from what the number is now.
   *
   * @param number statement that gives a number which rises with every change
   */
  static PostgresFollower start(
      PostgresDatabase database, String channel, String number, Runnable changed) {
    PostgresFollower follower = new PostgresFollower(database, channel, number, changed);
    follower.seen.set(database.read(sql -> sql.number(number)));
    follower.thread.start();
    return follower;
  }

  /** Says that this process moved the number itself, which is no news to it. */
  void seen(long before, long now) {
    seen.compareAndSet(before, now);
  }

  private void follow() {
    long pause = FIRST_PAUSE_MILLIS;
    boolean lost = false;
    while (!closed) {
      try (Connection connection = database.own(REPLY_SECONDS)) {
        current = connection;
        connection.setAutoCommit(true);
        Sql sql = new Sql(connection);
        sql.run("LISTEN " + channel);
        look(sql);
        if (lost) {
          LOG.info("{} is back", database.place());
          lost = false;
        }
        pause = FIRST_PAUSE_MILLIS;
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (!closed) {
          postgres.getNotifications(POLL_MILLIS);
          look(sql);
        }
      } catch (SQLException failed) {
        if (!closed && !lost) {
          lost = true;
          LOG.warn(
              "{} is lost: {}. What is known goes on being served; changes by others are taken over"
                  + " when it is back",
              database.place(),
              Failures.words(failed));
        }
        pause(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private void look(Sql sql) throws SQLException {
    long before = seen.get();
    long now = sql.number(number);
    if (now != before && seen.compareAndSet(before, now)) {
      changed.run();
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    Connection open = current;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException failed) {
        LOG.debug("not closed", failed);
      }
    }
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
