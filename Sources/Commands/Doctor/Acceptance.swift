internal import Model

/// What of a committed plan this host has accepted already, by deploying it.
///
/// Whoever can push names storages and registries, and with them who gets the stack's secrets: a look at a commit must not do
/// what its deployment would be refused for.
struct Acceptance {
    let candidate: DesiredState
    let deployed: DesiredState?

    func holds(_ target: BackupTarget, named name: String) -> Bool {
        hasSameSecrets && deployed?.plan.backup?.targets[name] == target
    }

    func holds(_ login: RegistryLogin, at registry: String) -> Bool {
        // Its address is no secret; a new password is what doctor is asked about.
        deployed?.plan.registries[registry] == login
    }

    /// The address of a storage may be one.
    private var hasSameSecrets: Bool { deployed?.secretDigests == candidate.secretDigests }

    /// `thing` is what was not tried.
    static func untried(_ thing: String) -> String {
        "\(thing) is of a commit that is not deployed: its deployment tries it before anything stops"
    }
}

extension BackupTarget {
    /// What would be tried, without anything that is secret.
    fileprivate var place: String {
        switch store {
        case .rclone(let options, let path): "\(options["type"]?.source ?? "rclone") storage at '\(path)'"
        case .remote(let name, let path): "remote '\(name)' at '\(path)'"
        case .directory(let path, _): "directory '\(path)'"
        }
    }

    var words: String { mount.map { "the share '\($0.source)'" } ?? "the \(place)" }
}
