package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.testkit.RawHttp;
import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses a provider may be at. */
final class AddressPolicyTest extends GatewayTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,true,true",
    "::1,true,true",
    "1.1.1.1,true,true",
    "2606:4700::1111,true,true",
    "10.0.0.1,false,true",
    "172.16.0.1,false,true",
    "172.31.255.255,false,true",
    "172.32.0.1,true,true",
    "192.168.1.1,false,true",
    "100.64.0.1,false,true",
    "100.128.0.1,true,true",
    "fd00::1,false,true",
    "fc00::1,false,true",
    "fec0::1,false,true",
    "169.254.169.254,false,false",
    "fe80::1,false,false",
    "0.0.0.0,false,false",
    "0.1.2.3,false,true",
    "::,false,false",
    "224.0.0.1,false,false",
    "ff02::1,false,false",
    "255.255.255.255,false,true",
    "::ffff:10.0.0.1,false,true",
    "64:ff9b::a00:1,false,true",
    "64:ff9b::a9fe:a9fe,false,false",
    "2002:a9fe:a9fe::1,false,false",
    "::a9fe:a9fe,false,false"
  })
  void isAllowed(String address, boolean always, boolean withPrivate) {
    InetAddress parsed = InetAddress.ofLiteral(address);

    assertThat(AddressPolicy.allows(parsed, false)).isEqualTo(always);
    assertThat(AddressPolicy.allows(parsed, true)).isEqualTo(withPrivate);
  }

  @Test
  void isCheckedOnTheAddressThatIsConnectedTo() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("private", URI.create("http://10.1.2.3:81"))
                        .remote()
                        .key("k", "sk-a"))
                .provider(
                    ProviderSpec.of("metadata", URI.create("http://169.254.169.254"))
                        .privateNetwork()
                        .key("k", "sk-b")));
    for (String name : new String[] {"private", "metadata"}) {
      RawHttp.Reply got =
          gateway.post("/v1/chat/completions", "{\"model\":\"" + name + "/m\"}").readReply();
      assertThat(got.status()).isEqualTo(502);
      assertThat(got.text()).contains("address_denied");
      Receipt receipt = gateway.receipt();
      assertThat(receipt.attempts().getLast().failure()).isEqualTo(FailureClass.ADDRESS_DENIED);
    }
  }
}
