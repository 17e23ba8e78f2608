import Testing

@testable import GitSource

@Suite("the answer of a web proxy")
struct ProxyTunnelTests {
    @Test(
        "only a status of success opens the way",
        arguments: [
            ("HTTP/1.1 200 Connection established\r\n\r\n", ProxyTunnel.Obstacle?.none),
            ("HTTP/1.0 200 OK\r\nVia: proxy\r\n\r\n", nil),
            ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n", .loginRefused),
            ("HTTP/1.0 401 Unauthorized\r\n\r\n", .loginRefused),
            ("HTTP/1.1 403 Forbidden\r\n\r\n", .refused(status: 403)),
            ("HTTP/1.0 500 Unable to connect\r\n\r\n", .refused(status: 500)),
            ("SSH-2.0-OpenSSH_9.2\r\n\r\n", .noProxy), ("\r\n\r\n", .noProxy),
        ])
    func answers(head: String, obstacle: ProxyTunnel.Obstacle?) {
        #expect(ProxyTunnel.obstacle(in: head) == obstacle)
    }
}
