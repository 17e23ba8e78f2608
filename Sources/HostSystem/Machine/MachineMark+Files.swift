internal import Crypto
public import Files
internal import FoundationEssentials
internal import Glibc
public import Model

extension MachineMark {
    /// That of this machine; `nil` where it has no id.
    ///
    /// The digest of `/etc/machine-id` (a template or a snapshot that was started a second time may share it, so the
    /// firmware's id of the machine takes part where there is one). Not the id itself: systemd keeps that confidential.
    public static func current(host: String) -> Self? {
        let id = text(at: "/etc/machine-id")
        // What systemd writes before the first boot has ended.
        guard let id, !id.isEmpty, id != "uninitialized" else { return nil }
        let firmware = text(at: "/sys/class/dmi/id/product_uuid") ?? ""
        let digest = SHA256.hash(data: Array("fairlead \(id) \(firmware)".utf8))
        let digits = digest.prefix(8).flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }
        return Self(machine: digits.joined(), host: host)
    }

    /// What the data root at `path` says; `nil` when it says nothing.
    public static func read(ofDataRoot path: String) throws(HostError) -> Self? {
        let file = "\(path)/\(name)"
        guard try FileStatus.at(file).kind == .file else { return nil }
        let bytes = try Descriptor(file, O_RDONLY | O_NOFOLLOW).read(limit: 4096)
        guard let mark = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw HostError(
                "'\(file)' is damaged: it does not say which machine the data belong to",
                hint: "if they belong to this one, 'fairlead adopt' writes it anew")
        }
        return mark
    }

    /// Writes it into the data root at `path`; does nothing where there is none yet.
    public func write(toDataRoot path: String) throws(HostError) {
        guard try FileStatus.at(path, followingLinks: true).kind == .directory else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let bytes = try? encoder.encode(self) else { throw HostError("cannot write the mark of this machine") }
        try AtomicFile.write(Array(bytes) + [0x0a], to: "\(path)/\(Self.name)")
    }

    private static let name = ".fairlead-host.json"

    private static func text(at path: String) -> String? {
        guard let bytes = try? Descriptor(path, O_RDONLY).read(limit: 4096) else { return nil }
        return String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
