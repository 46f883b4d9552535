package dev.fairlead.bench.process;

/** Something that runs until it is closed; closing waits for its end and does not fail. */
public interface RunningProcess extends AutoCloseable {
  @Override
  void close();
}
