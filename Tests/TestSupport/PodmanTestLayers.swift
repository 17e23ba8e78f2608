internal import Crypto
internal import Foundation
internal import Processes

/// Makes the layers of test images; the busybox layer once per test process.
actor PodmanTestLayers {
    static let shared = PodmanTestLayers()

    struct Layer: Sendable {
        /// Uncompressed file, and its digest.
        let tar: String
        let diffDigest: String
        /// Compressed file, and its digest.
        let compressed: String
        let digest: String
    }

    struct Blobs: Sendable {
        let config: Data
        let configDigest: String
        let layers: [Layer]
    }

    private let directory = Result { try Scratch() }
    private var base: Task<Layer, any Error>?
    private var count = 0

    func blobs(of image: PodmanTestImage) async throws -> Blobs {
        let layers = [try await baseLayer(), try await topLayer(image)]
        let config = try image.configuration(diffDigests: layers.map(\.diffDigest))
        return Blobs(config: config, configDigest: Self.digest(config), layers: layers)
    }

    private func baseLayer() async throws -> Layer {
        if let base { return try await base.value }
        let path = try directory.get().path
        let task = Task {
            let root = "\(path)/base"
            try await Self.writeBusybox(to: root)
            return try await Self.layer(root, to: "\(path)/base.tar")
        }
        base = task
        return try await task.value
    }

    private func topLayer(_ image: PodmanTestImage) async throws -> Layer {
        count += 1
        let path = "\(try directory.get().path)/top\(count)"
        var files = image.files
        files["/www/index.html"] = files["/www/index.html"] ?? image.version + "\n"
        files["/www/version"] = image.version + "\n"
        for (name, text) in files { try Self.write(Data(text.utf8), to: path + name) }
        if image.padding > 0 {
            let bytes = (0..<image.padding / 8).map { _ in UInt64.random(in: 0 ... .max) }
            try Self.write(bytes.withUnsafeBytes { Data($0) }, to: path + "/padding")
        }
        return try await Self.layer(path, to: path + ".tar")
    }

    private static func writeBusybox(to root: String) async throws {
        guard let busybox = Command.find("busybox") else {
            throw PodmanSandboxError(description: "busybox-static is not installed")
        }
        for name in ["bin", "www", "tmp", "data"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        chmod("\(root)/tmp", 0o1777)
        try FileManager.default.copyItem(atPath: busybox, toPath: "\(root)/bin/busybox")
        let names = try await Command(busybox, ["--list"]).run().text.split(separator: "\n")
        for name in names where name != "busybox" {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/bin/\(name)", withDestinationPath: "busybox")
        }
        try write(Data("root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n".utf8), to: "\(root)/etc/passwd")
        try write(Data("root:x:0:\napp:x:1000:\n".utf8), to: "\(root)/etc/group")
    }

    private static func write(_ data: Data, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    private static func layer(_ root: String, to path: String) async throws -> Layer {
        try await tar(root, to: path)
        _ = try await Command("/bin/gzip", ["--no-name", "--keep", "-1", path]).run()
        let diff = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        let compressed = try Data(contentsOf: URL(filePath: path + ".gz"), options: .alwaysMapped)
        return Layer(
            tar: path, diffDigest: digest(diff), compressed: path + ".gz", digest: digest(compressed))
    }

    /// The same bytes for the same content.
    static func tar(_ root: String, to path: String) async throws {
        let fixed = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"]
        _ = try await Command("/bin/tar", fixed + ["-C", root, "-cf", path, "."]).run()
    }

    static func digest(_ data: Data) -> String {
        "sha256:" + SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
    }
}
