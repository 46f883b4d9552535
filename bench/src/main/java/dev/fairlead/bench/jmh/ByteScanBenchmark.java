package dev.fairlead.bench.jmh;

import dev.fairlead.bench.load.RequestBodies;
import dev.fairlead.bench.peer.ByteScan;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The prototype's byte-by-byte scan of a whole body, as the base line for better ones. GB/s is the
 * body's length divided by the time of one operation in nanoseconds.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class ByteScanBenchmark {

  /** Length of the body. */
  @Param({"2048", "77824"})
  public int bytes;

  private byte[] body = new byte[0];

  /** Makes the same body as the load generator sends. */
  @Setup
  public void makeBody() {
    body = RequestBodies.chat(bytes, "openai/bench-json", false);
  }

  /** Finds the model name at the end of the body. */
  @Benchmark
  public int modelValue() {
    return ByteScan.modelValue(body);
  }
}
