internal import Model

/// An image as the API lists and inspects it; only the fields that are used.
struct ImageAnswer: Decodable, Sendable {
    let id: String
    let size: Int64?
    let digest: String?
    let repoTags: [String]?
    let repoDigests: [String]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case size = "Size"
        case digest = "Digest"
        case repoTags = "RepoTags"
        case repoDigests = "RepoDigests"
    }

    var fullID: String { id.hasPrefix("sha256:") ? id : "sha256:" + id }

    /// `digest` is the manifest's where it is known better than the engine knows it.
    func stored(digest: String?) -> StoredImage {
        StoredImage(id: fullID, digest: digest, size: size ?? 0, names: repoTags ?? [])
    }

    /// The manifest's digest under `name` in its registry. The engine keeps every manifest that ever named this
    /// image, also those of loaded archives, so only digests under the name count, its own choice first.
    func digest(under name: String) -> String? {
        let digests = (repoDigests ?? []).filter { $0.hasPrefix(name + "@") }.map {
            String($0.dropFirst(name.count + 1))
        }
        return digest.flatMap { digests.contains($0) ? $0 : nil } ?? digests.first
    }

    /// Whether one of its names points to a registry.
    var isFromRegistry: Bool { (repoTags ?? []).contains { !$0.hasPrefix("localhost/") } }
}

/// One line of a pull's or a build's answer.
struct ProgressLine: Decodable, Sendable {
    let stream: String?
    let error: String?
    /// Of the pulled image; with Docker of the layer.
    let id: String?
    /// Docker's progress of a pull.
    let status: String?
}

/// Answer of a load.
struct LoadAnswer: Decodable, Sendable {
    let names: [String]

    enum CodingKeys: String, CodingKey { case names = "Names" }
}

/// Answer of a container's creation.
struct CreatedAnswer: Decodable, Sendable {
    let id: String

    enum CodingKeys: String, CodingKey { case id = "Id" }
}

/// Answer of a removal: a list, in which each entry may hold an error although the status says success.
struct RemovedAnswer: Decodable, Sendable {
    let error: String?

    enum CodingKeys: String, CodingKey { case error = "Err" }

    /// Podman writes a Go error, of which JSON may keep nothing but an empty object.
    init(from decoder: any Decoder) throws {
        let entry = try decoder.container(keyedBy: CodingKeys.self)
        let isNull = try !entry.contains(.error) || entry.decodeNil(forKey: .error)
        error = isNull ? nil : (try? entry.decode(String.self, forKey: .error)) ?? "the engine tells no reason"
    }
}
