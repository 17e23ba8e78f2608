internal import Clibgit2
internal import Model

extension Conversation {
    /// Leads what this process connects to through the web proxy of the request, where there is one.
    func useProxy() throws(GitFailure) {
        guard let proxy = request.proxy else { return }
        do {
            try ProxyTunnel.use(proxy)
        } catch let error as ProxyFailure {
            throw GitFailure(.configuration, "\(attempt): \(error.message)", hint: error.hint)
        } catch {
            throw GitFailure(.local, "\(attempt): \(error)")
        }
    }

    /// The failure of the way to the proxy, or from it to the server; `nil` when the server itself was reached.
    var proxyFailure: GitFailure? {
        guard let proxy = request.proxy, let obstacle = ProxyTunnel.obstacle else { return nil }
        let name = "the web proxy '\(proxy.address)'"
        switch obstacle {
        case .loginRefused:
            let refusal = proxy.loginRefusal
            return GitFailure(.authentication, "\(attempt): \(refusal.message)", hint: refusal.hint)
        case .refused(let status):
            return GitFailure(
                .network, "\(attempt): \(name) opens no way there (http status \(status))",
                hint: "ask who runs the proxy, or add the host to 'proxy.noProxy' if it is reached directly")
        case .unreachable(let reason):
            return GitFailure(
                .network, "\(attempt): \(name) is not reached: \(reason)",
                hint: "check 'proxy.url', and that this host reaches the proxy; 'fairlead doctor' asks it")
        case .noProxy:
            return GitFailure(
                .network, "\(attempt): what answers as \(name) is no web proxy", hint: "correct 'proxy.url'")
        }
    }
}
