package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/** Where a request log lives: a database of rows, and for each UTC day a place for its contents. */
interface LogDatabase {
  Dialect dialect();

  /**
   * A new connection to the rows, whose tables exist.
   *
   * @param writes whether it is the writer's, of which there is one, and which commits
   */
  Connection rows(boolean writes) throws SQLException;

  /**
   * A new connection to the contents of {@code day}.
   *
   * @param writes whether it is the writer's, for which the day's tables are made, and which
   *     commits
   * @return its connection and the suffix of its tables
   */
  DayPlace day(LocalDate day, boolean writes) throws SQLException;

  /** Days that have contents, newest first. */
  List<LocalDate> days() throws SQLException;

  /** Removes the contents of {@code day} whole. */
  void drop(LocalDate day) throws SQLException;

  /** Makes room for rows of {@code day} where a database wants that. */
  void prepareRows(Connection rows, LocalDate day) throws SQLException;

  /** Removes rows of days before {@code day} where that can be done by whole days. */
  void dropRows(Connection rows, LocalDate day) throws SQLException;

  /**
   * Leaves nothing of what was deleted in any file, as far as this is up to a client of the
   * database; what was not committed is.
   *
   * @return whether it could be done, which it cannot while somebody reads
   */
  boolean settle(Connection writes) throws SQLException;

  /** Bytes that all of it takes, without what is free to be used again. */
  long size() throws SQLException;

  /** A connection to a day's contents, and what the names of its tables end in. */
  record DayPlace(Connection connection, String suffix) {}
}
