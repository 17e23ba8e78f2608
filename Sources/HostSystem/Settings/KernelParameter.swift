internal import Files
internal import Glibc

/// A parameter of the kernel, as `sysctl` names it.
struct KernelParameter {
    let name: String

    /// In a part of the name '/' stands for '.', as in the names of interfaces.
    private var path: String {
        let parts = name.split(separator: ".").map { $0.replacing("/", with: ".") }
        return "/proc/sys/" + parts.joined(separator: "/")
    }

    /// Its value with single spaces; `nil` when this kernel has no such parameter.
    func read() throws(HostError) -> String? {
        guard try FileStatus.at(path).kind == .file else { return nil }
        return Self.plain(String(decoding: try Descriptor(path, O_RDONLY).read(limit: 64 << 10), as: UTF8.self))
    }

    /// Sets it, and reads it back: a kernel takes some values and makes another of them.
    func write(_ value: String) throws(HostError) {
        do {
            try Descriptor(path, O_WRONLY | O_TRUNC).write(Array("\(value)\n".utf8))
        } catch {
            throw HostError(
                "cannot set kernel parameter '\(name)' to '\(value)': \(error.message)",
                hint: "'sysctl \(name)' shows what it is now; correct 'host.sysctl' of the plan")
        }
        guard let found = try read(), found != Self.plain(value) else { return }
        throw HostError(
            "kernel parameter '\(name)' became '\(found)' when it was set to '\(value)'",
            hint: "write '\(found)' in 'host.sysctl' of the plan, or another value that this kernel takes")
    }

    /// What stands in the way of setting it.
    var problem: HostError? {
        do throws(HostError) {
            let status = try FileStatus.at(path)
            guard status.kind == .file else {
                return HostError(
                    "this kernel has no parameter '\(name)'",
                    hint: "correct it ('sysctl -a' lists them), or load the module that brings it (modules-load.d(5))")
            }
            guard status.mode & 0o200 != 0, status.mode & 0o400 != 0 else {
                return HostError(
                    "kernel parameter '\(name)' cannot be \(status.mode & 0o200 == 0 ? "set" : "read back")",
                    hint: "remove it from 'host.sysctl'")
            }
            guard access(path, W_OK) == 0 else { throw HostError.failed("set kernel parameter '\(name)'") }
            return nil
        } catch {
            return error
        }
    }

    static func plain(_ value: String) -> String {
        value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
