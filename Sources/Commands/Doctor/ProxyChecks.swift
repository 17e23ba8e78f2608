internal import ContainerEngine
internal import GitSource
internal import HostSystem
internal import Model

/// The web proxy, the password for it, and whether the engine's service knows of it.
struct ProxyChecks {
    let host: HostComposition

    func checks() async -> [HostCheck] {
        let engine = await engine()
        guard let proxy = host.configuration.webProxy else { return engine.map { [$0] } ?? [] }
        var checks: [HostCheck] = []
        if let file = proxy.passwordFile { checks.append(KeyFile(name: "proxy password", path: file).check) }
        for server in servers(proxy) { checks.append(await ask(proxy, server)) }
        return checks + (engine.map { [$0] } ?? [])
    }

    /// The git servers that are reached by the proxy; else the proxy itself, which only shows whether it takes the login.
    private func servers(_ proxy: WebProxy) -> [(host: String, port: Int)?] {
        let repository = host.configuration.repository
        let servers = ([repository.url] + repository.fallbackUrls).compactMap(RepositoryLocation.webServer(of:))
            .filter { proxy.serves($0.host, port: $0.port) }
        return servers.isEmpty ? [nil] : servers
    }

    private func ask(_ proxy: WebProxy, _ server: (host: String, port: Int)?) async -> HostCheck {
        let place = server ?? (proxy.host, proxy.port)
        do {
            let answer = try await host.host.ask(proxy, for: place.host, port: place.port)
            return Self.check(answer, of: proxy, for: server.map { "'\($0.host):\($0.port)'" })
        } catch {
            return .fail("proxy", error)
        }
    }

    /// `server`: who has to be reached; `nil` where it only counts that the proxy answers.
    static func check(_ answer: ProxyAnswer, of proxy: WebProxy, for server: String?) -> HostCheck {
        let name = "'\(proxy.address)'"
        switch answer {
        case .open: return .ok("proxy", "\(name) opens the way to \(server ?? "itself")")
        case .loginRefused: return .fail("proxy", proxy.loginRefusal)
        case .unreachable(let why):
            return .fail("proxy", "\(name) does not answer: \(why)", "check 'proxy.url' and the way to the proxy")
        case .refused(let status):
            guard let server else { return .ok("proxy", "\(name) answers") }
            return .fail(
                "proxy", "\(name) opens no way to \(server) (status \(status))",
                "ask who runs the proxy to allow it, or add the host to 'proxy.noProxy' if it is reached directly")
        }
    }

    /// `nil` where there is nothing to say.
    private func engine() async -> HostCheck? {
        let hasProxy = host.configuration.webProxy != nil
        let engine = await host.engine.traits
        if engine.service.isDaemon { return hasProxy ? ownersTask(engine) : nil }
        do {
            switch try host.configuration.serviceProxy.state() {
            case .whole, .notSystemd: return nil
            case .differs:
                return .warn(
                    "proxy", "\(engine.program.name)'s service does not have the proxy of the configuration yet",
                    "'fairlead reconcile', or a restart of Fairlead's service, hands it over")
            }
        } catch {
            return .fail("proxy", error)
        }
    }

    /// A daemon is not Fairlead's to restart: that would stop what it runs.
    private func ownersTask(_ engine: EngineTraits) -> HostCheck {
        let unit = engine.service.unit
        let address = host.configuration.webProxy?.address ?? ""
        let exceptions = host.configuration.proxy.noProxy.joined(separator: ",")
        return .warn(
            "proxy", "\(engine.name)'s daemon takes its web proxy from its own unit only",
            "unless that is done, write to /etc/systemd/system/\(unit).service.d/proxy.conf: [Service]",
            "Environment=HTTPS_PROXY=\(address) HTTP_PROXY=\(address) NO_PROXY=\(exceptions)",
            "then 'systemctl daemon-reload', and 'systemctl restart \(unit)' when the stack may stop")
    }
}
