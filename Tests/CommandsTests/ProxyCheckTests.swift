import HostSystem
import Model
import Testing

@testable import Commands

@Suite("doctor and the web proxy")
struct ProxyCheckTests {
    @Test(
        "the answer of the proxy decides, and each fault has its own next step",
        arguments: [
            (ProxyAnswer.open, Optional("'git.example.com:443'"), HostCheck.Status.ok, "opens the way", ""),
            (.open, nil, .ok, "opens the way to itself", ""),
            (.refused(status: 403), nil, .ok, "answers", ""),
            (.refused(status: 403), "'git.example.com:443'", .fail, "(status 403)", "proxy.noProxy"),
            (.loginRefused, nil, .fail, "does not accept user 'vsn'", "proxy.username"),
            (.unreachable("no route"), "'git.example.com:443'", .fail, "does not answer: no route", "proxy.url"),
        ])
    func answers(answer: ProxyAnswer, server: String?, status: HostCheck.Status, found: String, hint: String) throws {
        let proxy = try WebProxy(url: "http://proxy:3128", username: "vsn", passwordFile: "/etc/fairlead/p")
        let check = ProxyChecks.check(answer, of: proxy, for: server)
        #expect(check.status == status)
        #expect(check.found.contains(found), "\(check.found)")
        #expect(hint.isEmpty ? check.advice.isEmpty : check.advice.joined().contains(hint), "\(check.advice)")
    }
}
