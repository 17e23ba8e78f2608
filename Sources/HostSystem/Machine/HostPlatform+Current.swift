internal import FoundationEssentials
internal import Glibc
public import Model

extension HostPlatform {
    /// Of the kernel that runs this process, with the emulators that are registered now.
    public static func current() -> HostPlatform? {
        var name = utsname()
        guard uname(&name) == 0 else { return nil }
        let machine = withUnsafeBytes(of: name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return HostPlatform(machine: machine, emulators: emulators(in: "/proc/sys/fs/binfmt_misc"))
    }

    static func emulators(in directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { name in
            guard name != "register", name != "status" else { return false }
            let text = FileManager.default.contents(atPath: "\(directory)/\(name)") ?? Data()
            return String(decoding: text.prefix(16), as: UTF8.self).hasPrefix("enabled")
        }
    }
}
