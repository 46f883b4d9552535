package dev.fairlead.bench.jmh;

import dev.fairlead.bench.load.RequestBodies;
import dev.fairlead.codec.inspect.RequestInspector;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.core.model.Bytes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The scan each request body goes through, which checks all of it. GB/s is the body's length
 * divided by the time of one operation in nanoseconds. Bodies of slightly different lengths take
 * turns, so that the processor cannot learn one by heart.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class EnvelopeScanBench {
  private static final int BODIES = 16;

  /** Length of the body. */
  @Param({"2048", "77824"})
  public int bytes;

  private final Bytes[] bodies = new Bytes[BODIES];

  /** Makes bodies like those the load generator sends. */
  @Setup
  public void makeBodies() {
    for (int i = 0; i < BODIES; i++) {
      bodies[i] = Bytes.of(RequestBodies.chat(bytes + i, "openai/bench-json", false));
    }
  }

  /** Finds everything policy reads of a request. */
  @Benchmark
  @OperationsPerInvocation(BODIES)
  public int scan() {
    int members = 0;
    for (Bytes body : bodies) {
      members += Envelope.scan(body, RequestInspector.INTERESTS).memberCount();
    }
    return members;
  }
}
