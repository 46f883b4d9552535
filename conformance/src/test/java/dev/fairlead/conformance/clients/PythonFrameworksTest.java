package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.conformance.translate.Vendor;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** LangChain and Pydantic AI under their prefixes, as OpenAI's clients, on other vendors. */
@Tag("python-clients")
@Timeout(120)
class PythonFrameworksTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String RESULT = "Rain in Oslo";

  @TempDir private Path directory;
  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private RunningGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = Vendor.gateway(Files.createDirectories(directory.resolve("app")), provider);
  }

  @ParameterizedTest
  @EnumSource(names = {"MESSAGES", "GEMINI"})
  void answersStreamsAndTools(Vendor vendor) {
    provider.handler(request -> answer(vendor, request));

    ClientProcess.Ending ending =
        ClientProcess.python(directory, "frameworks.py", gateway.at(""), vendor.model()).run();

    assertThat(ending.exit()).as("%s", ending).isZero();
    JsonNode seen = JSON.readTree(ending.out()).get(vendor.model());
    assertThat(seen.get("langchain"))
        .isEqualTo(
            JSON.readTree(
                """
                {"plain": "It rains there", "tokens": 2140, "finish": "stop",
                 "stream": "It rains there", "pieces": true, "streamTokens": 2140,
                 "calls": [["get_weather", {"city": "Oslo"}]],
                 "streamCalls": [["get_weather", {"city": "Oslo"}]],
                 "answer": "It rains there"}
                """));
    assertThat(seen.get("pydantic"))
        .isEqualTo(
            JSON.readTree(
                """
                {"plain": "It rains there", "stream": "It rains there", "pieces": true,
                 "cities": ["Oslo", "Oslo"],
                 "answer": "It rains there", "streamAnswer": "It rains there"}
                """));
    assertThat(provider.requests())
        .hasSize(11)
        .allSatisfy(request -> assertThat(request.target()).startsWith(vendor.path()));
    provider.assertNoViolations();
  }

  private static Script answer(Vendor vendor, ReceivedRequest request) {
    String body = request.body().utf8();
    boolean call = body.contains("\"get_weather\"") && !body.contains(RESULT);
    return (call
            ? vendor.calling("get_weather", "{\"city\":\"Oslo\"}")
            : vendor.saying("It rains there"))
        .forRequest(request);
  }
}
