public import Files
public import Model
internal import Processes

/// What the web proxy says when it is asked for a way to a server.
public enum ProxyAnswer: Hashable, Sendable {
    case open
    case loginRefused
    /// The proxy answered, with this status: it may not like the server, or not reach it.
    case refused(status: Int)
    case unreachable(String)

    /// From curl's `http_connect` and its message; 0 where nothing answered.
    init(connectStatus status: Int, message: String) {
        self =
            switch status {
            case 200..<300: .open
            // Some proxies say 401 of a wrong password.
            case 401, 407: .loginRefused
            case 0: .unreachable(message.isEmpty ? "no answer" : message)
            default: .refused(status: status)
            }
    }
}

extension HostSystem {
    /// Has a tunnel to `host` opened and closes it again.
    public func ask(_ proxy: WebProxy, for host: String, port: Int) async throws(HostError) -> ProxyAnswer {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        // Whether the server then speaks TLS with a certificate that is trusted is not asked here.
        let lines =
            try CurlProxy(proxy).lines + [
                ("url", "https://\(place)/"), ("output", "/dev/null"), ("connect-timeout", "15"), ("max-time", "20"),
                ("write-out", "%{http_connect} %{errormsg}"),
            ]
        let text = "silent\nhead\ninsecure\n" + CurlProxy.text(lines)
        let answer: String
        do {
            answer = try await Command(
                try command("curl"), ["-q", "-K", "-"], input: Array(text.utf8), deadline: .seconds(30),
                outputLimit: 1 << 20
            ).runToEnd().text
        } catch let error as HostError {
            throw error
        } catch {
            throw HostError("cannot ask the web proxy '\(proxy.address)': \(error)", disposition: .transient)
        }
        let words = answer.split(separator: " ", maxSplits: 1).map(String.init)
        return ProxyAnswer(connectStatus: Int(words.first ?? "") ?? 0, message: words.count > 1 ? words[1] : "")
    }
}
