internal import Foundation

/// A small real image without any base image: busybox (sh, httpd, nc, cat, sleep …) and a page that tells the version.
///
/// By default it serves `/www` on port 8080: `/index.html` and `/version` hold the version. Made from files of this
/// host, so it needs no internet. Different values are different images.
public struct PodmanTestImage: Sendable {
    public var version: String
    public var entrypoint: [String] = []
    public var command = ["/bin/httpd", "-f", "-p", "8080", "-h", "/www"]
    public var environment: [String: String] = [:]
    public var labels: [String: String] = [:]
    /// Of the manifest that a registry gets.
    public var annotations: [String: String] = [:]
    public var user = ""
    public var stopSignal = ""
    /// Mount points that the image declares (`VOLUME`).
    public var volumes: [String] = []
    /// A `HEALTHCHECK` of the image, as a shell command.
    public var healthcheck: String?
    /// What it says that it was built for; this machine's when `nil`.
    public var architecture: String?
    /// Further files by absolute path.
    public var files: [String: String] = [:]
    /// Bytes of incompressible content, for tests that need a slow download.
    public var padding = 0

    public init(_ version: String = "1.0.0") { self.version = version }

    /// With another command.
    public init(_ version: String = "1.0.0", command: String...) {
        self.version = version
        self.command = command
    }

    /// Writes a docker-archive whose image carries `names`.
    public func writeArchive(to path: String, names: [String]) async throws {
        let blobs = try await PodmanTestLayers.shared.blobs(of: self)
        let directory = try Scratch()
        let layers = blobs.layers.map { "\($0.diffDigest.dropFirst(7)).tar" }
        for (layer, name) in zip(blobs.layers, layers) {
            try FileManager.default.copyItem(atPath: layer.tar, toPath: "\(directory.path)/\(name)")
        }
        let config = "\(blobs.configDigest.dropFirst(7)).json"
        try blobs.config.write(to: URL(filePath: "\(directory.path)/\(config)"))
        let manifest: [[String: Any]] = [["Config": config, "RepoTags": names, "Layers": layers]]
        try JSONSerialization.data(withJSONObject: manifest)
            .write(to: URL(filePath: "\(directory.path)/manifest.json"))
        try await PodmanTestLayers.tar(directory.path, to: path)
    }

    /// The image's configuration, whose digest is the image's id.
    func configuration(diffDigests: [String]) throws -> Data {
        var config: [String: Any] = [
            "Env": ["PATH=/bin"] + environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" },
            "Entrypoint": entrypoint, "Cmd": command, "Labels": labels, "User": user, "StopSignal": stopSignal,
            "WorkingDir": "/", "Volumes": Dictionary(uniqueKeysWithValues: volumes.map { ($0, [String: String]()) }),
        ]
        if let healthcheck {
            let second = 1_000_000_000
            config["Healthcheck"] =
                ["Test": ["CMD-SHELL", healthcheck], "Interval": second, "Timeout": second, "Retries": 2]
                as [String: Any]
        }
        #if arch(arm64)
            let native = "arm64"
        #else
            let native = "amd64"
        #endif
        let image: [String: Any] = [
            "architecture": architecture ?? native, "os": "linux", "created": "1970-01-01T00:00:00Z", "config": config,
            "rootfs": ["type": "layers", "diff_ids": diffDigests] as [String: Any],
            "history": diffDigests.map { _ in ["created": "1970-01-01T00:00:00Z", "created_by": "test"] },
        ]
        return try JSONSerialization.data(withJSONObject: image, options: [.sortedKeys, .withoutEscapingSlashes])
    }
}

extension PodmanSandbox {
    /// Puts `image` into the sandbox's storage under `name`; returns its id with `sha256:`.
    @discardableResult
    public func load(_ image: PodmanTestImage, as name: String) async throws -> String {
        let archive = "\(root)/downloads/\(UUID().uuidString).tar"
        defer { try? FileManager.default.removeItem(atPath: archive) }
        try await image.writeArchive(to: archive, names: [name])
        try await podman("load", "--quiet", "--input", archive)
        return "sha256:" + (try await podman("image", "inspect", "--format", "{{.Id}}", name))
    }
}
