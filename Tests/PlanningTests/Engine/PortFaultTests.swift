import Model
import Testing

@Suite("S: a published port that leads nobody to its container")
struct PortFaultTests {
    struct Case: Sendable {
        let host: PortAnswer
        let inside: PortAnswer?
        let cause: PortFault.Cause?
    }

    static let cases = [
        Case(host: .taken, inside: nil, cause: nil), Case(host: .taken, inside: .refused, cause: nil),
        Case(host: .unknown, inside: .taken, cause: nil), Case(host: .refused, inside: nil, cause: nil),
        Case(host: .silent, inside: .unknown, cause: nil), Case(host: .refused, inside: .taken, cause: .rule),
        Case(host: .silent, inside: .taken, cause: .rule), Case(host: .untaken, inside: .taken, cause: .rule),
        Case(host: .untaken, inside: .refused, cause: .rule), Case(host: .untaken, inside: nil, cause: .rule),
        Case(host: .refused, inside: .refused, cause: .nobody), Case(host: .silent, inside: .refused, cause: .nobody),
        Case(host: .refused, inside: .silent, cause: .silence), Case(host: .silent, inside: .silent, cause: .silence),
        Case(host: .untaken, inside: .unreached, cause: .way), Case(host: .refused, inside: .unreached, cause: .way),
        Case(host: .barred(.nowhere), inside: nil, cause: .barred(.nowhere)),
        Case(host: .barred(.nowhere), inside: .refused, cause: .barred(.nowhere)),
        Case(host: .unreached, inside: .taken, cause: .rule), Case(host: .taken, inside: .unreached, cause: nil),
    ]

    @Test("a dead rule, a program that does not listen, and silence are told apart", arguments: cases)
    func causes(_ example: Case) {
        #expect(PortFault.Cause(host: example.host, inside: example.inside) == example.cause)
    }

    @Test("the word 'unchecked' leaves a port out; of SCTP nothing is looked at")
    func unchecked() throws {
        let image = ImageSource.reference(try #require(ImageReference("registry.example.com/acme/web:1")))
        var container = ContainerPlan(image: image)
        let texts = [
            "80:8080", "[::1]:81:8081 unchecked", "53:53/udp", "9:9/sctp", "54:54/udp unchecked",
            "127.0.0.1:82:8082/tcp",
        ]
        container.ports = texts.compactMap(PortMapping.init)
        #expect(container.ports.map(\.description) == Array(texts.dropLast()) + ["127.0.0.1:82:8082"])
        #expect(container.askedPorts.map(\.description) == ["80:8080", "53:53/udp", "127.0.0.1:82:8082"])
        for text in ["80:8080 ", "80:8080  unchecked", "80:8080unchecked", "80:8080 checked", " unchecked"] {
            #expect(PortMapping(text) == nil, "\(text)")
        }
    }

    @Test("what is to be done stands beside it")
    func words() throws {
        let mapping = try #require(PortMapping("80:8080"))
        let fault = PortFault(container: "web", mapping: mapping, cause: .nobody)
        #expect(fault.text == "port '80:8080' does not answer: nothing listens inside on 8080")
        #expect(fault.advice.contains("'80:8080 unchecked'"))
        let dead = PortFault(container: "web", mapping: mapping, cause: .rule)
        #expect(dead.text.hasPrefix("port '80:8080' is dead"))
        #expect(dead.advice.contains("podman network reload --all"))
        let half = PortFault(container: "web", mapping: mapping, cause: .nobody, family: .ipv6)
        #expect(half.text == "port '80:8080' does not answer by IPv6: nothing listens inside on 8080")
        #expect(half.advice.contains("publish it by IPv4 only ('0.0.0.0:80:8080')"))
        let lost = PortFault(container: "web", mapping: mapping, cause: .way)
        #expect(lost.text == "port '80:8080' is dead: this host does not reach the container")
        let shut = PortFault(
            container: "web", mapping: mapping, cause: .barred(.closed("by rule '-A FORWARD -j DROP'")))
        #expect(
            shut.text
                == "port '80:8080' is dead: the host's firewall shuts users out by rule '-A FORWARD -j DROP'")
        #expect(shut.advice.contains("accept what is forwarded to port 8080 of containers"))
        #expect(!shut.cause.isRenewable && shut.cause.isOfHost)
        #expect(shut.cause.isLike(.barred(.closed("by rule '-A FORWARD -j REJECT'"))))
        let still = PortFault(container: "web", mapping: mapping, cause: .barred(.still("net.ipv4.ip_forward")))
        #expect(still.text.hasSuffix("forwards nothing to containers: its kernel parameter 'net.ipv4.ip_forward' is 0"))
        #expect(still.advice.hasPrefix("'sysctl -w net.ipv4.ip_forward=1' turns it on; look for what set it to 0"))
        #expect(still.cause.isRenewable && !still.cause.isLike(.barred(.still("net.ipv6.conf.all.forwarding"))))
        #expect(!shut.cause.isLike(.barred(.nowhere)) && PortFault.Cause.way.isLike(.way))
    }
}
