internal import Files
internal import FoundationEssentials
internal import Glibc

/// Reads and writes single items of the host.
struct SettingsReader {
    let pendingWrite: PendingWrite

    func value(of item: HostItem) throws(HostError) -> HostValue {
        switch item {
        case .file(let path): return try file(path).read()
        case .block(let block):
            guard let content = try content(of: block) else { return .missing }
            return try block.text(in: content).map(HostValue.text) ?? .withoutBlock
        case .hostname: return .text(try Self.hostname())
        case .parameter(let name): return try KernelParameter(name: name).read().map(HostValue.text) ?? .missing
        }
    }

    func write(_ value: HostValue, to item: HostItem) throws(HostError) {
        switch (item, value) {
        case (.file(let path), _): try file(path).write(value)
        case (.block(let block), _): try write(value, to: block)
        case (.hostname, .text(let name)): try Self.setHostname(name)
        case (.parameter(let name), .text(let value)): try KernelParameter(name: name).write(value)
        default: break
        }
    }

    /// The whole file that a block is in; `nil` when there is none.
    func content(of block: ManagedBlock) throws(HostError) -> [UInt8]? {
        guard case .content(let data) = try file(SystemFile.resolved(block.file)).read() else { return nil }
        return Array(data)
    }

    private func write(_ value: HostValue, to block: ManagedBlock) throws(HostError) {
        let old = try content(of: block) ?? []
        var text: String?
        if case .text(let lines) = value { text = lines }
        let new = try block.replacing(in: old, with: text)
        guard new != old else { return }
        // A file that Fairlead made goes again when nothing else came into it.
        let isGone = value == .missing && new.isEmpty
        try file(SystemFile.resolved(block.file)).write(isGone ? .missing : .content(Data(new)))
    }

    private func file(_ path: String) -> SystemFile { SystemFile(path: path, intents: pendingWrite) }

    static func hostname() throws(HostError) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { throw HostError.failed("read the host name") }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func setHostname(_ name: String) throws(HostError) {
        guard sethostname(name, name.utf8.count) != 0 else { return }
        throw HostError.failed(
            "name the host '\(name)'",
            hint: access(SystemdTools.marker, F_OK) == 0
                ? "'hostnamectl set-hostname' has to work: apt-get install dbus" : "run it as root, or with sudo")
    }
}
