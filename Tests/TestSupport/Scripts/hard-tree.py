# hard-tree.py make DIR SMALL-FILES BIG-BYTES: fills a new directory with what is hard to back up.
# hard-tree.py compare A B: prints up to 20 differences of two trees, one a line, with everything that a file has but
# its inode, its times of access and of change, and where its holes are (that it has some counts).
import hashlib, os, random, stat, struct, subprocess, sys, zlib

MEBIBYTE = 1 << 20


def write(path, data=b"", mode=0o644, owner=None):
    with open(path, "xb") as file:
        file.write(data)
    if owner:
        os.chown(path, *owner)
    os.chmod(path, mode)


def make_names():
    os.mkdir(b"names")
    odd = [b"new\nline", b"tab\tquote\"'", b"not \xff\xfe utf-8", "Größe-日本-e\u0301".encode(), b" space ", b"-rf", b"*?[a]",
           b"back\\slash", b".hidden", b"$(id)", b"percent%20", b"x" * 255, b"CON", b"a:b|c", b"trailing."]
    for name in odd:
        write(b"names/" + name, name)
    os.mkdir(b"names/dir\n\xff")
    write(b"names/dir\n\xff/inside", b"inside")
    # Upper and lower case, and one name in two ways of writing it, are different files.
    for name in [b"Case", b"case", "é".encode(), "e\u0301".encode()]:
        write(b"names/same-" + name, name)


def make_long_path():
    path = "long"
    for index in range(12):
        os.mkdir(path)
        path += "/" + chr(ord("a") + index) * 120
    os.mkdir(path)
    write(path + "/end", b"at the end")


def make_links():
    os.mkdir("links")
    write("links/first", b"one file, four names", owner=(999, 999))
    os.mkdir("links/elsewhere")
    for name in ["links/second", "links/elsewhere/third", "fourth"]:
        os.link("links/first", name)
    os.symlink("first", "links/relative")
    os.symlink("/nonexistent/away", "links/dangling")
    os.symlink(b"to \xff\nodd", b"links/odd")
    os.symlink("../links", "links/loop")
    os.chown("links/relative", 1000, 1000, follow_symlinks=False)
    os.link("links/dangling", "links/dangling-too", follow_symlinks=False)


def make_modes():
    os.mkdir("modes")
    for mode in [0o000, 0o200, 0o444, 0o600, 0o777, 0o1644, 0o2755, 0o4755, 0o6755]:
        write("modes/%04o" % mode, b"#!/bin/sh\n", mode, (mode % 7, 65534))
    for mode in [0o500, 0o1777, 0o2770, 0o700]:
        os.mkdir("modes/dir-%04o" % mode)
        os.chown("modes/dir-%04o" % mode, 999, 998)
        os.chmod("modes/dir-%04o" % mode, mode)
    write("modes/far-owner", b"", 0o640, (4000000, 3000000))
    os.mkfifo("modes/fifo", 0o620)
    os.chown("modes/fifo", 5, 6)


def make_empty():
    os.makedirs("empty/deeper/deepest")
    write("empty/file")


def make_attributes():
    os.makedirs("attributes/dir")
    write("attributes/user", b"x")
    os.setxattr("attributes/user", "user.comment", "Größe\n".encode())
    os.setxattr("attributes/user", "user.empty", b"")
    os.setxattr("attributes/user", "user.binary", bytes(range(256)) * 4)
    os.setxattr("attributes/dir", "user.on-a-directory", b"yes")
    write("attributes/acl", b"x", 0o640)
    # cap_net_bind_service, as on a program that may listen on port 80 without being root.
    write("attributes/capability", b"x", 0o755)
    os.setxattr("attributes/capability", "security.capability", struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0))
    for words in [["-m", "u:999:rw,g:998:r", "attributes/acl"], ["-d", "-m", "u:1000:rwx", "attributes/dir"]]:
        subprocess.run(["setfacl"] + words, check=True)


def make_holes():
    os.mkdir("holes")
    with open("holes/only", "xb") as file:
        file.truncate(64 * MEBIBYTE)
    with open("holes/between", "xb") as file:
        for offset in [0, 8, 32]:
            file.seek(offset * MEBIBYTE)
            file.write(b"data" * 2048)
        file.truncate(40 * MEBIBYTE)
    # All zeros, but no hole.
    write("holes/zeros", bytes(MEBIBYTE))


def make_times():
    os.mkdir("times")
    for name, time in [("nanoseconds", 1234567890123456789), ("epoch", 0), ("before-1970", -86400 * 10**9 + 5),
                       ("after-2038", 2500000000 * 10**9 + 1)]:
        write("times/" + name, b"x")
        os.utime("times/" + name, ns=(time, time))
    os.symlink("nanoseconds", "times/link")
    os.utime("times/link", ns=(10**18 + 7, 10**18 + 7), follow_symlinks=False)


def make_small(count):
    for index in range(count):
        directory = "small/%03d" % (index // 1000)
        if index % 1000 == 0:
            os.makedirs(directory)
        write("%s/%d" % (directory, index), b"file %d\n" % index * (index % 40))


def make_big(size):
    """Half of it can be compressed."""
    numbers = random.Random(1)
    with open("big", "xb") as file:
        while size > 0:
            block = numbers.randbytes(MEBIBYTE // 2) + (b"%015d\n" % size) * (MEBIBYTE // 32)
            file.write(block[:size])
            size -= len(block)


def date(path):
    """The same each time, and different for each path."""
    time = 1600000000123456789 + zlib.crc32(path) * 1000003
    os.utime(path, ns=(time, time), follow_symlinks=False)


def date_everything():
    """Last, since each file that is made changes the time of its directory."""
    for directory, directories, files in os.walk(b".", topdown=False):
        for name in files:
            # Of a file with several names the last one would decide, in the order of the disk.
            if directory != b"./times" and os.lstat(os.path.join(directory, name)).st_nlink == 1:
                date(os.path.join(directory, name))
        for name in directories:
            if os.path.islink(os.path.join(directory, name)):
                date(os.path.join(directory, name))
        date(directory)
    for path in [b"./links/first", b"./links/dangling"]:
        date(path)


def make(path, small, big):
    os.umask(0)
    os.mkdir(path)
    os.chdir(path)
    for part in [make_names, make_long_path, make_links, make_modes, make_empty, make_attributes, make_holes, make_times]:
        part()
    make_small(small)
    make_big(big)
    # What PostgreSQL insists on for its data directory.
    os.chown(".", 999, 999)
    os.chmod(".", 0o700)
    date_everything()


def digest(path):
    hash = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(4 * MEBIBYTE):
            hash.update(block)
    return hash.hexdigest()


def describe(path, status):
    facts = {"kind": stat.S_IFMT(status.st_mode), "mode": "%04o" % stat.S_IMODE(status.st_mode),
             "owner": "%d:%d" % (status.st_uid, status.st_gid), "mtime": status.st_mtime_ns}
    if stat.S_ISREG(status.st_mode):
        facts["size"] = status.st_size
        facts["has holes"] = status.st_blocks * 512 < status.st_size
        facts["content"] = digest(path)
    if stat.S_ISLNK(status.st_mode):
        facts["target"] = os.readlink(path)
    if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        facts["device"] = status.st_rdev
    for name in os.listxattr(path, follow_symlinks=False):
        facts["attribute " + name] = os.getxattr(path, name, follow_symlinks=False)
    return facts


def listing(root):
    """What there is to say of each path; of a further name of a file, which name comes first."""
    paths = [b"."]
    for directory, directories, files in os.walk(root):
        paths += [os.path.relpath(os.path.join(directory, name), root) for name in directories + files]
    first, tree = {}, {}
    for path in sorted(paths):
        full = os.path.join(root, path)
        status = os.lstat(full)
        if not stat.S_ISDIR(status.st_mode) and status.st_nlink > 1:
            before = first.setdefault(status.st_ino, path)
            if before != path:
                tree[path] = {"same file as": before}
                continue
        tree[path] = describe(full, status)
    return tree


def differences(a, b):
    for path in sorted(a.keys() | b.keys()):
        if path not in a or path not in b:
            yield "%r: only in the %s tree" % (path, "first" if path in a else "second")
            continue
        for fact in sorted(a[path].keys() | b[path].keys()):
            one, other = a[path].get(fact), b[path].get(fact)
            if one != other:
                yield "%r: %s: %r, then %r" % (path, fact, one, other)


def compare(a, b):
    for _, line in zip(range(20), differences(listing(os.fsencode(a)), listing(os.fsencode(b)))):
        # A name that is not UTF-8 is shown escaped.
        print(line)


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    compare(*sys.argv[2:])
