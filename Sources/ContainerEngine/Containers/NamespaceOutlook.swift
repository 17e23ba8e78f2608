internal import CLinux
internal import Glibc
internal import Model

/// What a host shows of user namespaces before a container asks for one; the trial of a deployment's step 1 has the last word.
public enum NamespaceOutlook: Hashable, Sendable {
    /// `runtime`: what starts the containers, with its version.
    case possible(runtime: String)
    case impossible(reason: String, hint: String)
    /// Why it cannot be told.
    case unknown(String)

    package init(runtime: Runtime, kernel: Kernel) {
        self =
            switch kernel {
            case .lacksRights: .unknown("only root can try it")
            case .none(let reason):
                .impossible(
                    reason: "the kernel gives no user namespace: \(reason)",
                    hint: "'sysctl user.max_user_namespaces' tells how many it gives, and has to be above 0")
            case .unmapped(let path, let reason):
                .impossible(
                    reason: "owners of files in '\(path)' cannot be mapped: \(reason)",
                    hint: "it needs a file system that can (ext4, xfs, btrfs; not NFS or CIFS), and Linux 5.12")
            case .works where runtime.ignoresMaps:
                .impossible(
                    reason: "the runtime '\(runtime.name)' \(runtime.version) ignores who owns the files",
                    hint: NamespaceTrial.runtimeHint)
            case .works: .possible(runtime: "\(runtime.name) \(runtime.version)")
            }
    }

    package struct Runtime: Hashable, Sendable {
        package let name: String
        package let version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }

        /// runc takes `idmap` from 1.2 on. Of others nothing is known.
        package var ignoresMaps: Bool {
            let numbers = version.split { !$0.isNumber }.compactMap { Int($0) }
            return name == "runc" && numbers.lexicographicallyPrecedes([1, 2])
        }
    }

    package enum Kernel: Hashable, Sendable {
        case works
        case lacksRights
        case none(String)
        case unmapped(String, String)

        /// Tries it with what lies in `path`, and leaves nothing behind.
        package init(path: String) {
            let status = linux_try_mapped_owners(path, IDRange.lowest, IDRange.count)
            let code = errno
            let reason = String(cString: strerror(code))
            self =
                switch status {
                case 0: .works
                case _ where code == EPERM && geteuid() != 0: .lacksRights
                // What the system calls so is the limit of namespaces.
                case 1: .none(code == ENOSPC ? "their number is at its limit" : reason)
                default: .unmapped(path, reason)
                }
        }
    }
}

extension PodmanEngine {
    /// For containers whose files lie in `path`, or in the closest directory above it that is there.
    public func namespaceOutlook(at path: String) async throws(EngineError) -> NamespaceOutlook {
        var place = path[...]
        while access(String(place), F_OK) != 0, let slash = place.lastIndex(of: "/"), slash > place.startIndex {
            place = place[..<slash]
        }
        return NamespaceOutlook(runtime: try await runtime(), kernel: .init(path: String(place)))
    }

    private func runtime() async throws(EngineError) -> NamespaceOutlook.Runtime {
        let action = "ask what starts containers"
        let answer = try await transport.call(Route(.get, "/info", action))
        let runtime = try answer.decoded(InfoAnswer.self, action).host.ociRuntime
        let words = (runtime.version ?? "").split(whereSeparator: \.isWhitespace)
        let version = words.firstIndex(of: "version").flatMap { words[($0 + 1)...].first } ?? ""
        return NamespaceOutlook.Runtime(name: runtime.name ?? "", version: String(version))
    }
}

private struct InfoAnswer: Decodable {
    struct Host: Decodable {
        let ociRuntime: Runtime
    }

    struct Runtime: Decodable {
        let name: String?
        /// Several lines: `crun version 1.8.1`, and how it was built.
        let version: String?
    }

    let host: Host
}
