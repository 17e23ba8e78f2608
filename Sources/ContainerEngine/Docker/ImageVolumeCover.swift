internal import FoundationEssentials
internal import Model

/// Mounts that keep Docker from putting anonymous volumes into a data directory.
///
/// Docker makes one for each `VOLUME` of an image, and cannot be told not to. One below a mounted data directory would
/// take the data that belongs there, and go with the container. So the same directory is mounted there once more.
enum ImageVolumeCover {
    static func mounts(_ spec: ContainerSpec, volumes: [String]) throws(EngineError) -> [MountSpec] {
        let taken = Set(spec.mounts.map(\.target) + spec.tmpfs)
        var covers: [MountSpec] = []
        for volume in volumes.map(normalised) where !taken.contains(volume) {
            let above = spec.mounts.filter { volume.hasPrefix($0.target + "/") }
            guard let mount = above.max(by: { $0.target.utf8.count < $1.target.utf8.count }),
                let source = try directory(mount, volume.dropFirst(mount.target.count), of: spec)
            else { continue }
            covers.append(MountSpec(source: source, target: volume, readOnly: mount.readOnly))
        }
        return covers
    }

    private static func normalised(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// Makes what is missing, as the engine would for its volume; `nil` below a single file.
    ///
    /// A link in its way was perhaps made inside a container, and would be followed on the host: to anywhere.
    private static func directory(
        _ mount: MountSpec, _ tail: Substring, of spec: ContainerSpec
    ) throws(EngineError) -> String? {
        var path = mount.source
        for part in tail.split(separator: "/") {
            guard isDirectory(path) else { return nil }
            path += "/\(part)"
            if part == ".." || isLink(path) { throw refusal(path, spec) }
            if FileManager.default.fileExists(atPath: path) { continue }
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            } catch {
                throw EngineError(
                    .refused(status: nil),
                    "cannot create container '\(spec.name)': cannot make the directory '\(path)'",
                    hint: "its image declares a volume there; check the data directory")
            }
        }
        return isDirectory(path) ? path : nil
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }

    private static func refusal(_ path: String, _ spec: ContainerSpec) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot create container '\(spec.name)': '\(path)' is a link",
            hint: "its image declares a volume there, and Docker would follow the link on the host; remove the link")
    }
}
