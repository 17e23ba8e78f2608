internal import FoundationEssentials
internal import Model

/// Loads an archive and takes back what its names did: with them it would stand in the place of another image, from which a
/// container or a build is made next.
///
/// Loads run one after the other. What names stood for is on the disk until they do so again.
struct CheckedLoad<Engine: EngineClient>: Sendable {
    let engine: Engine
    let archive: ImageArchive
    let action: String

    private var memory: String { "\(engine.configuration.downloads).names" }

    /// `load` returns what the engine says that it loaded.
    func run(_ load: () async throws -> [String]) async throws -> StoredImage {
        let lock = "\(engine.configuration.downloads).lock"
        return try await FileLock.holding(lock, within: engine.configuration.transferDeadline, action) {
            try await finishCutOff()
            let owners = BroughtNames.owners(try await engine.images())
            try JSONEncoder().encode(owners).write(to: URL(filePath: memory), options: .atomic)
            let ids = try await ids(of: try await load())
            try await settle(BroughtNames(owners: owners, loaded: try await images(ids)))
            try? FileManager.default.removeItem(atPath: memory)
            let loaded = try await images(ids)
            guard var image = loaded.first, loaded.count == 1 else {
                throw EngineError(
                    .refused(status: nil), "cannot \(action): it holds \(ids.count) images, not one",
                    hint: "save one image per archive: 'podman save -o FILE IMAGE'")
            }
            image.digest = nil
            return image
        }
    }

    /// A load that was cut off may have left names with other images than before.
    private func finishCutOff() async throws {
        guard let data = FileManager.default.contents(atPath: memory) else { return }
        let owners = (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
        let now = BroughtNames.owners(try await engine.images())
        for (name, owner) in owners where now[name] != owner { try await give(name, to: owner) }
        try? FileManager.default.removeItem(atPath: memory)
    }

    private func settle(_ names: BroughtNames) async throws {
        for id in names.nameless {
            let digest = id.split(separator: ":").last.map { String($0.prefix(32)) } ?? ""
            try await tag(id, "localhost/fairlead/archive", digest)
        }
        for (name, owner) in names.back.sorted(by: { $0.key < $1.key }) { try await give(name, to: owner) }
        for name in names.forged {
            try await engine.transport.call(
                Route(.delete, "/images/\(Route.encoded(name))", action), accepting: [404, 409],
                deadline: engine.configuration.callDeadline * 4)
        }
    }

    /// An owner that is gone has no use for it.
    private func give(_ name: String, to owner: String) async throws {
        guard let colon = name.lastIndex(of: ":"), try await engine.image(owner, action) != nil else { return }
        try await tag(owner, String(name[..<colon]), String(name[name.index(after: colon)...]))
    }

    private func tag(_ id: String, _ repository: String, _ tag: String) async throws {
        try await engine.transport.call(
            Route(.post, "/images/\(Route.encoded(id))/tag", ["repo": repository, "tag": tag], action))
    }

    /// `podman load` says `sha256:…` for an image without a name.
    private func ids(of names: [String]) async throws -> Set<String> {
        var ids: Set<String> = []
        for name in names { if let image = try await engine.image(name, action) { ids.insert(image.fullID) } }
        return ids
    }

    private func images(_ ids: Set<String>) async throws -> [StoredImage] {
        try await engine.images().filter { ids.contains($0.id) }
    }
}
