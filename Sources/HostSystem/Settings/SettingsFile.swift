internal import Files
internal import FoundationEssentials
internal import Glibc

/// JSON files of the state directory, for root only, each on stable storage when it is written.
enum SettingsFile {
    /// `nil` when there is none.
    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(HostError) -> Value? {
        guard try FileStatus.at(path).kind != .missing else { return nil }
        let bytes = try Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 64 << 20)
        guard let value = try? JSONDecoder().decode(type, from: Data(bytes)) else {
            throw HostError(
                "cannot read '\(path)', which holds settings of the host to bring back: it is damaged",
                hint: "set the host's settings by hand as they were, then remove the file")
        }
        return value
    }

    static func write(_ value: some Encodable, to path: String) throws(HostError) {
        try PathName.createDirectories(PathName.directory(of: path))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(value) else { throw HostError("cannot encode '\(path)'") }
        try AtomicFile.write(Array(data), to: path)
    }

    static func remove(_ path: String) throws(HostError) {
        guard unlink(path) == 0 else {
            guard errno == ENOENT else { throw HostError.failed("remove '\(path)'") }
            return
        }
        try Descriptor(PathName.directory(of: path), O_RDONLY | O_DIRECTORY).sync()
    }
}
