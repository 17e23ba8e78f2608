internal import Foundation

extension RegistryFixture {
    /// Pushes `image` through the registry's API, without any Podman; returns the manifest's digest.
    /// `repository` is such as `acme/web`.
    @discardableResult
    public func push(_ image: PodmanTestImage, repository: String, tag: String) async throws -> String {
        let blobs = try await PodmanTestLayers.shared.blobs(of: image)
        let config = "\(directory.path)/\(blobs.configDigest.dropFirst(7))"
        try blobs.config.write(to: URL(filePath: config))
        try await upload(config, digest: blobs.configDigest, repository: repository)
        for layer in blobs.layers {
            try await upload(layer.compressed, digest: layer.digest, repository: repository)
        }
        // Docker's manifests have no annotations.
        let types = image.annotations.isEmpty ? Self.dockerTypes : Self.ociTypes
        let manifest: [String: Any] = [
            "schemaVersion": 2, "mediaType": types.manifest, "annotations": image.annotations,
            "config": [
                "mediaType": types.configuration, "digest": blobs.configDigest,
                "size": blobs.config.count,
            ] as [String: Any],
            "layers": try blobs.layers.map { layer in
                [
                    "mediaType": types.layer, "digest": layer.digest,
                    "size": try FileManager.default.attributesOfItem(atPath: layer.compressed)[.size] ?? 0,
                ] as [String: Any]
            },
        ]
        let bytes = try JSONSerialization.data(withJSONObject: manifest, options: [.sortedKeys])
        try bytes.write(to: URL(filePath: config + ".manifest"))
        _ = try await request([
            "--request", "PUT", "--header", "Content-Type: \(types.manifest)", "--data-binary",
            "@\(config).manifest",
            "http://\(address)/v2/\(repository)/manifests/\(tag)",
        ])
        return PodmanTestLayers.digest(bytes)
    }

    private typealias Types = (manifest: String, configuration: String, layer: String)
    private static let dockerTypes: Types = (
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.container.image.v1+json",
        "application/vnd.docker.image.rootfs.diff.tar.gzip"
    )
    private static let ociTypes: Types = (
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.image.layer.v1.tar+gzip"
    )

    /// One name for the pushed images of `digests`, by architecture.
    public func pushIndex(_ digests: [String: String], repository: String, tag: String) async throws {
        let type = "application/vnd.docker.distribution.manifest.list.v2+json"
        let entries = digests.sorted { $0.key < $1.key }.map { architecture, digest -> [String: Any] in
            [
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": digest, "size": 1,
                "platform": ["os": "linux", "architecture": architecture],
            ]
        }
        let index: [String: Any] = ["schemaVersion": 2, "mediaType": type, "manifests": entries]
        let file = "\(directory.path)/\(tag).index"
        try JSONSerialization.data(withJSONObject: index, options: [.sortedKeys]).write(to: URL(filePath: file))
        _ = try await request([
            "--request", "PUT", "--header", "Content-Type: \(type)", "--data-binary", "@\(file)",
            "http://\(address)/v2/\(repository)/manifests/\(tag)",
        ])
    }

    func upload(_ file: String, digest: String, repository: String) async throws {
        let headers = try await request(["--request", "POST", "http://\(address)/v2/\(repository)/blobs/uploads/"])
        guard let line = headers.first(where: { $0.lowercased().hasPrefix("location: ") }) else {
            throw PodmanSandboxError(description: "the registry named no place for an upload")
        }
        let location = line.dropFirst("location: ".count)
        let separator = location.contains("?") ? "&" : "?"
        _ = try await request([
            "--request", "PUT", "--header", "Content-Type: application/octet-stream", "--data-binary", "@\(file)",
            "\(location)\(separator)digest=\(digest)",
        ])
    }
}
