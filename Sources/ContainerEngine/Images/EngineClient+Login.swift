internal import FoundationEssentials
internal import Model

extension EngineClient {
    /// Asks the registry whether it takes `credentials`; nothing is stored.
    func tryLogin(to registry: String, _ credentials: RegistryCredentials) async throws(EngineError) {
        var route = Route(.post, "/auth", "log in to '\(registry)' as '\(credentials.username)'")
        route.isCompatible = true
        let login = Login(username: credentials.username, password: credentials.password, serveraddress: registry)
        do throws(EngineError) {
            try await transport.call(route.with(json: login))
        } catch {
            throw error.without(credentials)
        }
    }
}

/// As Docker's API names it.
private struct Login: Encodable {
    let username: String
    let password: String
    let serveraddress: String
}
