"""What people know of packages that no list tells: names that differ, names shared by many, names of applications.

Sources: the documentation of each package and application, and PEP 594, PEP 632 and "What's New in Python" for what
left the standard library.  A wrong row is a one-line fix.
"""

from __future__ import annotations

from collections.abc import Mapping

# Distribution -> the module it is imported as.  Only where the distribution's own name is no module of it.
IMPORTED_AS: Mapping[str, str] = {
    row.split()[0]: row.split()[1]
    for row in """
    antlr4-python3-runtime antlr4
    apache-airflow airflow
    argon2-cffi argon2
    beautifulsoup4 bs4
    biopython Bio
    djangorestframework rest_framework
    django-cors-headers corsheaders
    django-debug-toolbar debug_toolbar
    django-environ environ
    django-filter django_filters
    discord-py discord
    dnspython dns
    gitpython git
    google-api-python-client googleapiclient
    google-generativeai google.generativeai
    grpcio grpc
    grpcio-status grpc_status
    grpcio-tools grpc_tools
    hydra-core hydra
    kafka-python kafka
    mysql-connector-python mysql.connector
    mysqlclient MySQLdb
    opencv-contrib-python cv2
    opencv-python cv2
    opencv-python-headless cv2
    pdfminer-six pdfminer
    pillow PIL
    protobuf google.protobuf
    psycopg2-binary psycopg2
    pycryptodome Crypto
    pycryptodomex Cryptodome
    pygithub github
    pyjwt jwt
    pynacl nacl
    pyopenssl OpenSSL
    pyserial serial
    pysocks socks
    python-dateutil dateutil
    python-decouple decouple
    python-docx docx
    python-dotenv dotenv
    python-jose jose
    python-ldap ldap
    python-magic magic
    python-pptx pptx
    python-slugify slugify
    python-socketio socketio
    python-telegram-bot telegram
    pyyaml yaml
    pyzmq zmq
    scikit-image skimage
    scikit-learn sklearn
    speechrecognition speech_recognition
    websocket-client websocket
    azure-identity azure.identity
    azure-storage-blob azure.storage.blob
    beautifulsoup bs4
    faiss-cpu faiss
    faiss-gpu faiss
    google-cloud-bigquery google.cloud.bigquery
    google-cloud-pubsub google.cloud.pubsub
    google-cloud-storage google.cloud.storage
    newspaper3k newspaper
    opencv cv2
    python-nmap nmap
    python-whois whois
    pytorch torch
    tensorflow-gpu tensorflow
    """.strip().splitlines()
}

# Modules of distributions that no table has, by their first name.
_MODULES = """
    _cffi_backend _yaml _distutils_hack pkg_resources easy_install mypyc rpds markdown_it cpuinfo graphql
    importlinter isympy opentelemetry kymatio xadmin awx mopidy Cheetah qutebrowser rest_framework_jwt bluetooth RPi
    board busio digitalio analogio picamera picamera2 machine utime uos ubinascii urequests micropython network
    usocket esp esp32 neopixel pyb dht onewire ds18x20 uasyncio umqtt framebuf rp2 win32api win32con win32gui
    win32file win32pipe win32event win32process win32security win32service win32serviceutil win32clipboard win32com
    win32crypt win32cred win32net win32pdh win32pdhutil win32print win32ui win32evtlog win32evtlogutil win32job
    win32profile win32ts win32timezone win32trace win32transaction win32wnet win32typing win32verstamp win32inet
    win32lz win32ras win32console win32help winerror winioctlcon winnt winperf winxpgui winxptheme pythoncom
    pywintypes pythonwin servicemanager perfmon odbc timer mmapfile ntsecuritycon sspicon commctrl regutil rasutil
    _win32sysloader _winxptheme winsdk winrt clr Quartz AppKit Foundation Cocoa objc CoreFoundation CoreGraphics
    CoreLocation CoreBluetooth CoreText CoreAudio ApplicationServices LaunchServices ScriptingBridge Security
    SystemConfiguration WebKit AVFoundation Vision PyObjCTools UserNotifications IOKit rumps wx Xlib gtk gobject
    glib gconf pygtk gnome dbus avahi cairo pango rsvg vte apt apt_pkg aptsources apt_inst debconf
    softwareproperties lsb_release gi pygtkcompat rpmUtils dnf yum hawkey libdnf libdnf5 semanage seobject sepolgen
    setools libvirt libvirt_qemu guestfs SOAPpy augeas prctl seccomp systemd udev parted blivet pykickstart
    pyanaconda cloudinit ubuntutools breezy pysvn trac PyQt4 PyQt5 PyQt6 PySide PySide2 PySide6 sipbuild qgis osgeo
    ogr gdalconst osr mpl_toolkits pylab Cython tensorflow_core collective zc repoze flask_ext IPython cupy cupyx
    cudf cuml cugraph rmm raft_dask pylibraft haiku functorch torchgen caffe caffe2 paddle tvm detectron2 mmseg
    mmpose apex megatron clip open_clip groundingdino llama_cpp TTS pyannote nemo espnet espnet2 asteroid
    stable_baselines mujoco_py pybullet_envs gym_minigrid minigrid procgen atari_py retro d4rl rospy roslib rosbag
    rosgraph rosnode rosmsg rosservice rostopic rosparam catkin rclpy rosidl_runtime_py ament_index_python launch
    launch_ros tf tf2_ros tf2_py tf2_geometry_msgs tf2_sensor_msgs image_transport image_geometry message_filters
    actionlib actionlib_msgs dynamic_reconfigure geometry_msgs nav_msgs sensor_msgs std_msgs std_srvs stereo_msgs
    trajectory_msgs visualization_msgs diagnostic_msgs moveit_commander moveit_msgs move_base_msgs control_msgs
    controller_manager_msgs gazebo_msgs mavros_msgs sensor_msgs_py laser_geometry smach smach_ros py_trees_ros rviz
    airsim carla dronekit FreeCAD FreeCADGui Part Mesh Draft Sketcher pxr hou pymel pymxs MaxPlus nuke nukescripts
    hiero c4d bpy_extras bmesh mathutils bgl blf aud gpu gpu_extras freestyle bl_ui bl_math idprop rna_prop_ui
    addon_utils unreal unreal_engine UnityEngine substance_painter sd mari katana rv xsi lx modo gimpfu gimp
    gimpenums inkex simplestyle scribus uno unohelper com pyuno sublime sublime_plugin vim kitty ranger weechat
    hexchat xchat idaapi idautils idc ida_bytes ida_funcs ida_hexrays ida_kernwin ida_name ida_nalt ida_netnode
    ida_pro ida_segment ida_struct ida_typeinf ida_ua ida_xref ida_dbg ida_auto ida_entry ida_enum ida_expr
    ida_frame ida_gdl ida_graph ida_idaapi ida_idp ida_ida ida_lines ida_loader ida_moves ida_offset ida_problems
    ida_range ida_registry ida_search ida_strlist ida_tryblks ida_diskio ida_fixup ida_fpro ida_merge ida_allins
    ida_bitrange ida_regfinder binaryninja binaryninjaui ghidra ghidra_builtins jarray java javax javafx org burp
    cutter gdb lldb volatility immlib x64dbg arcpy arcgisscripting sage ansys abaqus abaqusConstants odbAccess
    caeModules visualization pcbnew eeschema pya simnibs OCC vtkmodules paraview qt ctk dolfin dolfinx ufl ffcx
    basix firedrake fenics petsc4py slepc4py meep mpb psi4 simtk openbabel pybel pymol chimera chimerax vmd prody
    MDAnalysis schrodinger ROOT cppyy Gaudi GaudiPython htcondor classad PyTango tango epics casatools casatasks
    galpy pyraf iraf stsci lsst drms odoo openerp frappe erpnext anvil xbmc xbmcgui xbmcaddon xbmcplugin xbmcvfs
    xbmcdrm resources kodi_six custom_components calibre calibre_plugins lektor electrum electrum_gui pulp_smash
    ansible_collections saltext cinder nova glance heat horizon swift manila ironic barbican octavia magnum trove
    designate sahara murano mistral ceilometer aodh panko gnocchi zaqar zun openstack_dashboard ceph rados rbd
    cephfs mgr_module fsl awsglue azfs palantir transforms synapse mssparkutils notebookutils pyodide js pyscript
    micropip browser brython javascript webapp2_extras google_appengine endpoints ndb ntlm zttp conftest tests
    testing talib MetaTrader5 quantopian zipline catalyst QuantConnect AlgorithmImports kivymd jnius android renpy
    direct pandac cocos pyxel ns mininet ryu netfilterqueue iptc bcc flowlauncher wox obspython OpenImageIO
    PyOpenColorIO Imath OpenEXR Alembic curio aesara flint pysat gmpy matchpy railroad apport apport_python_hook
    semdep mox mox3 perf netCDF4 iris satpy wrf xesmf ecmwfapi sksparse skfmm sklearnex skopt skmultilearn
    skmultiflow skimage_extensions ultranest nautilus stan edward edward2 GPy GPyOpt george celerite bayes_opt pygmo
    pyswarm platypus inspyred geneticalgorithm neat scip pyipopt cyipopt slycot harold graph_tool karateclub
    stellargraph torch_sparse torch_cluster torch_spline_conv pyg_lib spektral community louvain infomap pattern
    stanfordnlp pke top2vec ktrain farasa camel_tools pkuseg thulac snownlp hanlp LAC ltp MeCab underthesea
    vncorenlp indicnlp inltk cv2_enumerate_cameras retinaface SimpleITK nitime medpy radiomics ants stardist csbdeep
    czifile nd2reader bioformats javabridge scyjava imagej trackpy ltrace openslide histomicstk tiatoolbox
    PythonMagick madmom essentia aubio rtmidi pyo parselmouth deepspeech snowboydecoder porcupine simpleaudio
    pygame_gui pgzero pgzrun OpenGL_accelerate mayavi traitsui chaco enable pyface envisage pygmsh pymesh igl
    potpourri3d meshlab compas rhinoscriptsyntax Rhino Grasshopper ghpythonlib scriptcontext System Autodesk
    RevitServices pyrevit adsk ee geoplot pyrosm spreg HTSeq pyBigWig vcf allel scvi squidpy muon cellrank velocyto
    scvelo loompy goatools bioservices ete4 tsinfer pyslim chemprop molfeat datamol dgllife gpaw openff parmed
    pyrosetta openfold esm cameo escher libsbml tellurium roadrunner pysb bionetgen projectq braket strawberryfields
    tket dwave neal scapy_http pwn pwnlib ropper manticore miasm apkutils qiling yara pyhidra masscan wfuzz
    robobrowser seleniumwire helium bluepy pygatt gatt pybluez nfc ndef smartcard can obd snap7 opcua serial_asyncio
    visa instruments usb1 uinput Adafruit_DHT Adafruit_GPIO Adafruit_SSD1306 Adafruit_BMP adafruit_dht
    adafruit_ssd1306 adafruit_bme280 w1thermsensor RPLCD lcddriver luma smbus_cffi pyfirmata wiringpi OPi Jetson
    jetson jtop sense_hat mfrc522 flask_mysqldb flask_uploads flask_ckeditor flask_gravatar mongokit ming umongo
    orator sqlobject storm cx_Oracle ibm_db_dbi informixdb sqlanydb pytds turbodbc adodbapi kinterbasdb nuodb
    rocksdb unqlite vedis semidbm ZODB BTrees RelStorage relstorage snakebite pydoop pinball azkaban delegator
    winpty web turbogears tg quixote nagare masonite emmett vibora japronto responder molten apistar bocadillo
    muffin growler tornadis cyclone klein nevow foolscap svnlib hyde camelot tabula slate misaka CommonMark pyttsx
    wikipediaapi binance bitmex coinbase kucoin alpaca bt pyalgotrade zipline_reloaded pyfolio empyrical alphalens
    tulipy finta QuantLib facebook instabot disnake interactions lightbulb psaw lyricsgenius gdata onedrivesdk
    msgraph O365 imbox nexmo square mollie authorizenet coinpayments pyVim pyVmomi vmware nsx junos jnpr easysnmp
    puresnmp netsnmp pcap pcapy transmissionrpc qbittorrentapi deluge gi_repository pynotify infi win10toast
    winotify xerox psutil_wrapper pygments_style npyscript npyscreen picotui tkintermapview ttkthemes PySimpleGUI
    FreeSimpleGUI appJar guizero toga webview remi pywebio Pmw pmw pywin solcx brownie ape eth boa algosdk pyteal
    spl starkware cairo_lang
"""
MODULES: frozenset[str] = frozenset(_MODULES.split())
"""Top-level names of real packages: of distributions named otherwise, of systems, and of applications that run Python."""

# Names that an application's own modules usually have.  In code that stands alone nothing says that they do not exist.
_OWN = """
    account accounts action actions admin agent agents analysis analyzer api apis app application apps arguments args
    asset assets auth authentication authorization backend base baseline bin blog board bot bots build builder cache
    calculator cart category chat check checker cli client clients cmd code command commands common component
    components conf config configs configuration connection connections connector const constant constants consts
    context control controller controllers converter core crawler credentials crud custom customer dao dashboard data
    database databases dataset db dbs decorator decorators default defaults definitions demo dependencies deps detector
    device devices dto dispatcher domain driver drivers email engine engines entities entity env environment error errors
    event events example examples exception exceptions executor exporter extension extensions extractor factory feature
    features fetcher field fields file files filter filters form formatter forms framework func function functions game
    generator global globals graph gui handler handlers helper helpers hook hooks image images implementation importer
    index infrastructure init input inputs integration integrations interface interfaces internal inventory item items
    job jobs kernel lang layer layers lib libs library link links list listener loader local locale log logger loggers
    logic login logs loss losses mail main manage manager managers math memory menu message messages metrics middleware
    middlewares migration migrations mixin mixins mock mocks mod model models module modules monitor my net network
    networks node nodes notification notifications object objects operation operations operator order orders output
    package packages page pages parse parser parsers password path paths payment payments permission permissions person
    pipeline pipelines player plugin plugins point policy pool post posts predict preprocess preprocessing problem
    process processing processor product products profile program project projects prompt prompts property proto provider
    providers proxy query question queries reader readers record records registry report reports repo repository
    repositories request resource resources response result results role roles route router routers routes rule rules run
    runner sample samples scan scanner schedule scheduler schema schemas scraper script scripts search secret secrets
    security sender serializer serializers server servers service services session sessions setting settings setup shared
    shop signal signals site solution source sources spider src stack state states static stats step steps storage store
    stores strategy stream student stub stubs system systems table tables tag tags target task tasks template templates
    test tester tests text thread tokens token tokenizer tool tools train trainer training transform transformer
    transforms type types ui unit updater upload url urls user users usr util utilities utility utils validate validation
    validator validators value values var vars vendor vendored version view views viewsets web webapp widget widgets
    worker workers wrapper writer your
"""
OWN_WORDS: frozenset[str] = frozenset(_OWN.split())

# What left the standard library, and what to use instead (PEP 594, PEP 632, What's New in Python 3.8 to 3.14).
REPLACED_BY: Mapping[str, str] = {
    "aifc": "a sound library of PyPI",
    "asynchat": "`asyncio`",
    "asyncore": "`asyncio`",
    "audioop": "`audioop-lts` of PyPI",
    "binhex": "`base64`",
    "cgi": "`urllib.parse` and `email.message`, or a web framework",
    "cgitb": "`traceback`",
    "chunk": "`struct`",
    "crypt": "`bcrypt` or `argon2-cffi` of PyPI, or `hashlib`",
    "distutils": "`setuptools`, `sysconfig`, `shutil` or `packaging`",
    "dummy_threading": "`threading`",
    "formatter": "`textwrap` or `html`",
    "imghdr": "`filetype` or `puremagic` of PyPI",
    "imp": "`importlib`",
    "lib2to3": "`libcst` or `parso` of PyPI",
    "mailcap": "`mimetypes`",
    "msilib": "a packaging tool of PyPI",
    "nntplib": "`nntplib` of a back-port (`standard-nntplib`)",
    "parser": "`ast`",
    "pipes": "`subprocess` and `shlex`",
    "smtpd": "`aiosmtpd` of PyPI",
    "sndhdr": "`filetype` of PyPI",
    "spwd": "PAM bindings of PyPI",
    "symbol": "`ast`",
    "telnetlib": "`telnetlib3` of PyPI, or SSH",
    "uu": "`base64` or `binascii`",
    "xdrlib": "`struct`",
}

# Distributions that bring such a module back under its old name.
BACK_PORTS: Mapping[str, tuple[str, ...]] = {
    "asynchat": ("pyasynchat",),
    "asyncore": ("pyasyncore",),
    "audioop": ("audioop-lts",),
    "cgi": ("legacy-cgi",),
    "cgitb": ("legacy-cgi",),
    "crypt": ("legacycrypt", "crypt-r"),
    "distutils": ("setuptools",),
    "imp": ("zombie-imp",),
    "lib2to3": ("fissix",),
}

# Modules of Python 2, and their names in Python 3.
PYTHON2: Mapping[str, str] = {
    "__builtin__": "builtins",
    "anydbm": "dbm",
    "BaseHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "ConfigParser": "configparser",
    "Cookie": "http.cookies",
    "cookielib": "http.cookiejar",
    "copy_reg": "copyreg",
    "cPickle": "pickle",
    "cStringIO": "io",
    "DocXMLRPCServer": "xmlrpc.server",
    "dummy_thread": "_thread",
    "htmlentitydefs": "html.entities",
    "htmllib": "html.parser",
    "HTMLParser": "html.parser",
    "httplib": "http.client",
    "md5": "hashlib",
    "mimetools": "email",
    "popen2": "subprocess",
    "Queue": "queue",
    "repr": "reprlib",
    "rfc822": "email",
    "robotparser": "urllib.robotparser",
    "ScrolledText": "tkinter.scrolledtext",
    "sgmllib": "html.parser",
    "SimpleHTTPServer": "http.server",
    "SimpleXMLRPCServer": "xmlrpc.server",
    "SocketServer": "socketserver",
    "StringIO": "io",
    "thread": "_thread",
    "Tkconstants": "tkinter.constants",
    "tkColorChooser": "tkinter.colorchooser",
    "tkFileDialog": "tkinter.filedialog",
    "tkFont": "tkinter.font",
    "Tkinter": "tkinter",
    "tkMessageBox": "tkinter.messagebox",
    "tkSimpleDialog": "tkinter.simpledialog",
    "ttk": "tkinter.ttk",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
    "UserDict": "collections",
    "UserList": "collections",
    "UserString": "collections",
    "whichdb": "dbm",
    "xmlrpclib": "xmlrpc.client",
    "_winreg": "winreg",
}
