internal import CLinux
internal import Glibc

/// The hidden subcommand `fairlead internal-confine`: gives up what a program does not need, and becomes that program.
public enum ConfinementChild {
    public static let subcommand = "internal-confine"

    /// Programs, libraries, names and certificates: what any program reads. Nothing of it is secret.
    private static let common = [
        "/bin", "/etc/ca-certificates", "/etc/gai.conf", "/etc/group", "/etc/host.conf", "/etc/hosts",
        "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/passwd", "/etc/pki",
        "/etc/protocols", "/etc/resolv.conf", "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/lib",
        "/lib32", "/lib64", "/proc/cpuinfo", "/proc/filesystems", "/proc/meminfo", "/proc/self", "/proc/stat",
        "/proc/sys/kernel", "/proc/sys/net", "/run/systemd/resolve", "/sbin", "/sys/kernel/mm/transparent_hugepage",
        "/usr",
    ]
    private static let devices = ["/dev/null", "/dev/random", "/dev/urandom", "/dev/zero"]

    /// Of the owners of files in a foreign directory: those need not be root.
    ///
    /// CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER.
    private static let fileCapabilities: UInt64 = 0b1111

    /// Of whoever makes files as they were: these, CAP_FSETID, CAP_MKNOD and CAP_SETFCAP.
    private static let unpackingCapabilities: UInt64 = fileCapabilities | 1 << 4 | 1 << 27 | 1 << 31

    /// Of whoever reads the files of others: CAP_DAC_READ_SEARCH.
    private static let readingCapabilities: UInt64 = 1 << 2

    /// `arguments`: `--read PATH`, `--write PATH`, `--foreign PATH`, `--unpack PATH` and `--browse PATH`, a directory with
    /// files of others that it reads; `--`, the program and its arguments. Returns only when it cannot: the exit status.
    public static func main(_ arguments: [String]) -> Int32 {
        guard let request = Request(arguments) else { return fail("the arguments are wrong", code: nil) }
        let readable = (common + [PathName.directory(of: request.program)] + request.reading).compactMap { opened($0) }
        var writable = (devices + request.writing).compactMap { opened($0) }
        if let foreign = request.foreign {
            let descriptor = linux_open_without_links(foreign, linux_o_path | O_DIRECTORY)
            guard descriptor >= 0 || errno == ENOENT else { return fail("cannot open '\(foreign)'") }
            if descriptor >= 0 { writable.append(descriptor) }
        }
        if let directory = request.unpacking {
            guard let descriptor = opened(directory) else { return fail("cannot open '\(directory)'") }
            writable.append(descriptor)
        }
        switch confine(readable, writable, capabilities: request.capabilities) {
        case 0: break
        case 1 where request.foreign == nil: break
        case 1: return fail("the kernel has no Landlock, without which a directory may lead anywhere", code: nil)
        default: return fail("cannot give up rights")
        }
        // By its name alone, as a shell starts it: what it says of itself begins with that.
        var words = ([PathName.name(of: request.program)] + request.arguments).map { strdup($0) } + [nil]
        execv(request.program, &words)
        return fail("cannot start '\(request.program)'")
    }

    private struct Request {
        var reading: [String] = []
        var writing: [String] = []
        var foreign: String?
        var unpacking: String?
        var readsOthers = false
        var program = ""
        var arguments: [String] = []

        init?(_ words: [String]) {
            var rest = words[...]
            while let word = rest.popFirst(), word != "--" {
                guard let path = rest.popFirst() else { return nil }
                switch word {
                case "--read": reading.append(path)
                case "--write": writing.append(path)
                case "--foreign": foreign = path
                case "--unpack": unpacking = path
                case "--browse":
                    reading.append(path)
                    readsOthers = true
                default: return nil
                }
            }
            guard let program = rest.popFirst(), program.hasPrefix("/") else { return nil }
            self.program = program
            arguments = Array(rest)
        }

        var capabilities: UInt64 {
            let none: UInt64 = readsOthers ? ConfinementChild.readingCapabilities : 0
            let files = foreign == nil ? none : ConfinementChild.fileCapabilities
            return unpacking == nil ? files : ConfinementChild.unpackingCapabilities
        }
    }

    private static func confine(_ readable: [Int32], _ writable: [Int32], capabilities: UInt64) -> Int32 {
        readable.withUnsafeBufferPointer { readable in
            writable.withUnsafeBufferPointer { writable in
                var confinement = linux_confinement(
                    readable: readable.baseAddress, readable_count: Int32(readable.count),
                    writable: writable.baseAddress, writable_count: Int32(writable.count), capabilities: capabilities)
                return linux_confine(&confinement)
            }
        }
    }

    /// `nil` for what is not there: what cannot be opened cannot be used either.
    private static func opened(_ path: String) -> Int32? {
        let descriptor = open(path, linux_o_path | O_CLOEXEC)
        return descriptor < 0 ? nil : descriptor
    }

    private static func fail(_ reason: String, code: Int32? = errno) -> Int32 {
        let why = code.map { ": \(String(cString: strerror($0)))" } ?? ""
        let line = Array("fairlead: \(reason)\(why)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        return 126
    }
}
