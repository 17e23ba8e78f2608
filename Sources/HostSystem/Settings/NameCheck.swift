internal import Files
internal import Processes

/// A commit that cuts the host off from its git server could not be taken back by another commit.
struct NameCheck: Sendable {
    /// Those that resolve now; the others were lost before.
    private let names: [String]

    static func resolving(_ names: [String]) async -> NameCheck {
        var found: [String] = []
        for name in names where await resolves(name) { found.append(name) }
        return NameCheck(names: found)
    }

    /// Throws when one of them does not resolve any more.
    func check() async throws(HostError) {
        for name in names where await !Self.resolves(name) {
            throw HostError(
                "with the name servers and host entries of the plan '\(name)' no longer resolves, and this host could "
                    + "not follow the repository any more",
                hint: "correct 'host.dns' and 'host.hosts' of the plan")
        }
    }

    /// In a process of its own: it reads the configuration of now, and can be ended.
    private static func resolves(_ name: String) async -> Bool {
        guard let getent = Command.find("getent") else { return false }
        return (try? await Command(getent, ["ahosts", name], deadline: .seconds(20)).run()) != nil
    }
}
